"""The two builds that are compared: where the tables of each one are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.errors import ConfigurationError
from orchestrator.models.candidate import candidate_dataset
from orchestrator.models.stored import promoted_version

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

VERSION_MODEL = "int_match_model_version"


@dataclass(frozen=True, slots=True)
class ComparedBuild:
    """One build: the first part of its datasets' names, and the model that it used.

    What a slim build has not built it took from the datasets that it was deferred to.
    """

    dataset: str
    version: str
    deferred_to: str = ""

    @property
    def name(self) -> str:
        """Return what a reader knows it by."""
        return f"{self.version} ({self.dataset})"


class Sides:
    """The older and the newer build, and the names of their tables."""

    def __init__(self, connection: Connection, old: ComparedBuild, new: ComparedBuild) -> None:
        self.connection = connection
        self.old = old
        self.new = new

        self._built: dict[str, frozenset[str]] = {}

    def table(self, side: ComparedBuild, layer: str, name: str) -> str:
        """Return the quoted name of a table of one of them."""
        return f"`{self._table_id(side, layer, name)}`"

    def columns(self, side: ComparedBuild, layer: str, name: str) -> tuple[str, ...]:
        """Return the columns of a table of one of them."""
        table = self.connection.client.get_table(self._table_id(side, layer, name))
        return tuple(field.name for field in table.schema)

    def _table_id(self, side: ComparedBuild, layer: str, name: str) -> str:
        dataset = f"{side.dataset}_{layer}"
        if side.deferred_to:
            if dataset not in self._built:
                self._built[dataset] = self.connection.table_names(dataset)
            if name not in self._built[dataset]:
                dataset = f"{side.deferred_to}_{layer}"
        return self.connection.table_id(dataset, name)


def find_versions(connection: Connection, old: str | None, new: str | None) -> Sides:
    """Return the builds of two versions: the nightly tables and the candidate beside them.

    Without names these are the promoted version and the candidate.
    """
    settings = connection.settings
    nightly, beside = settings.dataset, candidate_dataset(settings)
    built = {
        dataset: version
        for dataset in (nightly, beside)
        if (version := built_version(connection, dataset)) is not None
    }
    old = old or promoted_version(connection) or built.get(nightly)
    new = new or built.get(beside)
    if old is None or new is None:
        raise ConfigurationError(
            "there are no two versions to compare" + ("" if old else ": nothing has been built"),
            "build with 'concord run', then train a candidate with 'concord train'",
        )
    return Sides(
        connection,
        ComparedBuild(_dataset_of(old, built, nightly), old),
        ComparedBuild(_dataset_of(new, built, beside), new),
    )


def find_state(connection: Connection, state: str) -> Sides:
    """Return the builds of another prefix of datasets, such as production's, and of this one."""
    own = connection.settings.dataset
    version = built_version(connection, state)
    if version is None:
        raise ConfigurationError(
            f"nothing is built in the datasets {state}_...",
            "name a prefix of datasets that 'concord run' has built, in the same project",
        )
    used = built_version(connection, own) or version
    return Sides(
        connection, ComparedBuild(state, version), ComparedBuild(own, used, deferred_to=state)
    )


def built_version(connection: Connection, dataset: str) -> str | None:
    """Return the version that the tables of a prefix were built with; None without tables."""
    if VERSION_MODEL not in connection.table_names(f"{dataset}_matching"):
        return None
    name = connection.table_id(f"{dataset}_matching", VERSION_MODEL)
    rows = connection.query(f"select model_version from `{name}`")
    return next((str(row["model_version"]) for row in rows), None)


def _dataset_of(version: str, built: dict[str, str], preferred: str) -> str:
    found = [dataset for dataset, name in built.items() if name == version]
    if preferred in found:
        return preferred
    if not found:
        raise ConfigurationError(
            f"no tables are built with version {version}",
            f"build them beside the nightly ones with 'concord train --version {version}'",
        )
    return found[0]
