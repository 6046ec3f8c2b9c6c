"""A night as one of the accounts that Terraform makes: its key, its grants, its buckets.

The target is `prod`, as in Cloud Run: the commands find BigQuery and Cloud Storage at other
addresses, and nothing else is told to them. What Terraform makes is there, what connectors bring
is there, and what the run has to make is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.sources.source_schemas import read_raw_tables
from tests.faults.night import DATASET, ROOT, Night, make_project
from tests.faults.shipped_grants import Shipped, shipped
from tests.faults.stand_in.accounts import account_of, email_of, write_keyfile
from tests.faults.stand_in.rights import Denied, Rights
from tests.faults.stand_in.server import StandIn
from tests.faults.stand_in.warehouse import Table
from tests.unit.gcs_fake import FakeStorage, Refused, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

PROJECT: Final = "concord-local"
SOURCES: Final = ("files", "dialpad")
LAYER: Final = "marts"


@dataclass(frozen=True)
class AccountNight:
    """The places of a night, and the commands in them as one account or the other."""

    folder: Path
    stand_in: StandIn
    storage: FakeStorage
    storage_url: str
    terraform: Shipped

    def as_account(self, account: str, **environment: str) -> Night:
        """Return the commands as an account, such as `nightly`."""
        variables = {
            **self.terraform.environment(),
            "BIGQUERY_EMULATOR_HOST": self.stand_in.url,
            "STORAGE_EMULATOR_HOST": self.storage_url,
            # Nobody outside is asked: Google's client looks for limits of an account by itself.
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "CONCORD_TARGET": "prod",
            "CONCORD_PROJECT": PROJECT,
            "CONCORD_SOURCES": ",".join(SOURCES),
            "CONCORD_WAREHOUSE_URL": "",
            "CONCORD_KEYFILE": str(write_keyfile(self.folder, account, self.stand_in.url)),
            **environment,
        }
        return Night(self.folder, self.stand_in, **variables)

    @property
    def rights(self) -> Rights:
        """Return the rights in force."""
        return self.stand_in.api.rights

    def take_away(self, account: str, permission: str, where: str) -> None:
        """Leave an account without one right in one place."""
        self.stand_in.api.rights = self.rights.without(email_of(account), permission, where)

    def write_count(self, dataset: str) -> int:
        """Return how often something was written in a dataset."""
        return sum(self.stand_in.api.warehouse.count_writes(dataset).values())


def account_night(folder: Path) -> Iterator[AccountNight]:
    """Set the places up; a context manager by its callers."""
    project = make_project(folder / "project")
    _use_layers_of_terraform(project)
    terraform = shipped(project=PROJECT, dataset=DATASET, sources=list(SOURCES))
    storage = FakeStorage(*terraform.buckets)
    serves: AbstractContextManager[str] = serving(storage)
    with StandIn() as stand_in, serves as storage_url:
        stand_in.api.rights = Rights(terraform.accounts)
        stand_in.api.warehouse.datasets |= terraform.datasets
        _bring(stand_in, project)

        def guard(authorization: str, call: str, bucket: str) -> None:
            try:
                stand_in.api.rights.require(account_of(authorization), call, bucket)
            except Denied as denied:
                raise Refused(403, str(denied)) from denied

        storage.guard = guard
        yield AccountNight(project, stand_in, storage, storage_url, terraform)


def _use_layers_of_terraform(project: Path) -> None:
    path = project / "dbt_project.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("+schema: models", f"+schema: {LAYER}"), encoding="utf-8")
    for source in SOURCES:
        name = f"models/staging/{source}/_{source}__sources.yml"
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text((ROOT / name).read_text("utf-8"), encoding="utf-8")


def _bring(stand_in: StandIn, project: Path) -> None:
    """Fill what a connector fills; the tables of files are the run's own to make."""
    warehouse = stand_in.api.warehouse
    for table in read_raw_tables(project).values():
        dataset = f"raw_{table.source}"
        if table.source != "files":
            warehouse.datasets.add(dataset)
            schema = [column.to_api_repr() for column in table.schema()]
            warehouse.tables[dataset, table.name] = Table((dataset, table.name), schema)
