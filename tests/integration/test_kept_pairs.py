"""Pairs of hundreds of random sequences, night after night: what is kept equals what is made anew.

All sequences stand in one warehouse, so each night is one build. They share towns, employers and
now and then an address, so that what happens to one changes the usage of another one's values.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.bigquery.upload import upload_ndjson
from orchestrator.dbt.runner import DbtRunner
from orchestrator.models.stored import keep_version
from orchestrator.models.used import TRAIN, with_model
from orchestrator.run_log.load import ensure_run_log
from orchestrator.settings.values import Settings
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import raw_table, read_raw_tables
from tests.project_copy import ROOT, copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = [pytest.mark.integration, pytest.mark.no_cover, pytest.mark.slow]

SEQUENCES: Final = 240
NIGHTS: Final = 4
SEED: Final = 5
MANY: Final = "kept_from_rows: 500000\n"
KEPT: Final = "int_person_scored_blocked_pairs"
LOADED_AT: Final = "2026-01-01T00:00:00Z"
PLACE: Final = f"models/matching/scoring/{KEPT}.sql"
GIVEN_NAMES: Final = ("anna", "Anne", "John", "Jon", "Maria", "Peter", "Petra", "Susan", "Omar")
FAMILY_NAMES: Final = ("Abel", "Brandt", "Castro", "Dietrich", "Evans", "Fontaine", "Garcia")
CITIES: Final = ("Kiel", "Bonn", "Leeds", "Lyon")
EMPLOYERS: Final = ("Acme Inc", "Nordwind GmbH", None)
FIELDS: Final = ("given_name", "family_name", "emails", "phones", "street", "city", "company_name")


@dataclass
class Sequence:
    """A few records of a few people, and what happens to them."""

    number: int
    chance: random.Random
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: dict[str, dict[str, Any]] = field(default_factory=dict)
    n_made: int = 0
    happened: list[str] = field(default_factory=list)

    def person(self) -> dict[str, Any]:
        """Return what a source may say of somebody of this sequence."""
        who = self.chance.randrange(2)
        alike = random.Random(f"{self.number} {who}")  # noqa: S311
        given, family = alike.choice(GIVEN_NAMES), alike.choice(FAMILY_NAMES)
        mailbox = f"{given}.{family}{self.number}@example{who}.com".lower()
        phone = f"+49 30 55{self.number:04d}{who}"
        return {
            "given_name": given if self.chance.random() < 0.8 else given[0],
            "family_name": family if self.chance.random() < 0.9 else family + "s",
            "emails": [mailbox] if self.chance.random() < 0.6 else [],
            "phones": [phone] if self.chance.random() < 0.6 else [],
            "street": f"{self.number} Hill St" if self.chance.random() < 0.5 else None,
            "city": alike.choice(CITIES),
            "company_name": alike.choice(EMPLOYERS),
        }

    def night(self) -> None:
        """Let something happen, or nothing."""
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            happens = self.chance.choice(
                (
                    self.arrives,
                    self.arrives,
                    self.changes,
                    self.changes,
                    self.goes,
                    self.comes_back,
                    self.is_loaded_twice,
                    self.shares,
                    self.turns_into,
                )
            )
            self.happened.append(happens.__name__)
            happens()

    def arrives(self) -> None:
        """Add a record."""
        self.n_made += 1
        self.records[f"s{self.number}r{self.n_made}"] = self.person()

    def changes(self) -> None:
        """Give a record another value."""
        if self.records:
            name = self.chance.choice(FIELDS)
            self.any_record()[name] = self.person()[name]

    def goes(self) -> None:
        """Delete a record."""
        if self.records:
            key = self.chance.choice(sorted(self.records))
            self.gone[key] = self.records.pop(key)

    def comes_back(self) -> None:
        """Load a deleted record again, as it was."""
        if self.gone:
            key = self.chance.choice(sorted(self.gone))
            self.records[key] = self.gone.pop(key)

    def is_loaded_twice(self) -> None:
        """Add a copy of a record."""
        if self.records:
            self.n_made += 1
            self.records[f"s{self.number}r{self.n_made}"] = dict(self.any_record())

    def shares(self) -> None:
        """Let a record have an address that many others have."""
        if self.records:
            self.any_record()["emails"] = [f"office{self.chance.randrange(6)}@shared.org"]

    def turns_into(self) -> None:
        """Let two records change places: each says what the other one said."""
        if len(self.records) > 1:
            one, other = self.chance.sample(sorted(self.records), 2)
            self.records[one], self.records[other] = self.records[other], self.records[one]

    def any_record(self) -> dict[str, Any]:
        """Return one of the records that are there."""
        return self.records[self.chance.choice(sorted(self.records))]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Return a warehouse of a copy of the project in which nothing is built yet."""
    project = copy_project(tmp_path_factory.mktemp("project"))
    share_translations(project)
    declared = project / "dbt_project.yml"
    text = declared.read_text(encoding="utf-8")
    assert MANY in text
    declared.write_text(text.replace(MANY, "kept_from_rows: 1\n"), encoding="utf-8")
    settings = Settings(project_dir=project, sources=("files",), model=TRAIN)
    with private_local_warehouse(settings, tmp_path_factory.mktemp("data"), "1GB") as connection:
        ensure_raw_tables(connection, read_raw_tables(ROOT).values())
        ensure_own_tables(connection)
        ensure_run_log(connection)
        yield connection


def load(connection: Connection, sequences: list[Sequence], file: Path) -> None:
    """Replace the raw rows by those of tonight."""
    with file.open("w", encoding="utf-8") as lines:
        for sequence in sequences:
            for key, record in sequence.records.items():
                lines.write(
                    json.dumps({"record_id": key, "_loaded_at": LOADED_AT, **record}) + "\n"
                )
    table = raw_table(read_raw_tables(ROOT), "files.people")
    place = connection.table_id(connection.settings.raw_dataset(table.source), table.name)
    upload_ndjson(connection, file, place, table.schema(), replace=True)


def build(connection: Connection, folder: Path, *selected: str) -> str:
    """Build up to the pairs; returns the SQL of all pairs."""
    result = DbtRunner(connection.settings, folder).invoke(
        *("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
        *("--select", f"+{KEPT}", "int_person_pair_hashes"),
        *selected,
    )
    assert result.is_success, result.problem
    compiled = next(result.target_path.rglob(f"compiled/*/{PLACE}"))
    return compiled.read_text(encoding="utf-8")


def differences(connection: Connection, whole: str) -> tuple[int, list[str]]:
    """Return how many pairs there are, and the records of those that are not as made anew."""
    kept = f"`{connection.settings.dataset}_matching`.{KEPT}"
    rows = connection.query(f"""
        with whole as ({whole}),
        missing as (select * from whole except distinct select * from {kept}),
        extra as (select * from {kept} except distinct select * from whole)
        select record_id_l, record_id_r, 'is missing' as fault from missing
        union all
        select record_id_l, record_id_r, 'is too much' as fault from extra
        order by record_id_l, record_id_r
    """)
    wrong = [f"{row['record_id_l']} {row['record_id_r']} {row['fault']}" for row in rows]
    [count] = connection.query(f"select count(*) as n from {kept}")
    return count["n"], wrong


def test_what_is_kept_equals_what_is_made_anew(connection: Connection, tmp_path: Path) -> None:
    chances = (random.Random(f"{SEED} {number}") for number in range(SEQUENCES))  # noqa: S311
    sequences = [Sequence(number, chance) for number, chance in enumerate(chances)]
    for sequence in sequences:
        sequence.arrives()
        sequence.arrives()
    load(connection, sequences, tmp_path / "people.jsonl")
    build(
        connection,
        tmp_path / "trained",
        *("+int_match_model_version", "+int_person_model_record", "+int_company_model_record"),
        *("int_person_model_frequencies", "int_company_model_frequencies"),
    )
    nightly = with_model(connection, keep_version(connection, connection.settings.dataset))
    before: set[str] = set()
    for night in range(NIGHTS):
        whole = build(nightly, tmp_path / f"night{night}")
        n_pairs, wrong = differences(nightly, whole)
        assert n_pairs > SEQUENCES / 2
        assert not wrong, f"night {night}: {wrong[:10]} after {happened(sequences, wrong[0])}"
        rows = nightly.query(
            f"select record_id_l || record_id_r as pair from `concord_matching`.{KEPT}"
        )
        pairs = {str(row["pair"]) for row in rows}
        # Nights in which nothing comes or goes would prove nothing.
        assert night == 0 or (pairs - before and before - pairs)
        before = pairs
        for sequence in sequences:
            sequence.night()
        load(nightly, sequences, tmp_path / "people.jsonl")


def happened(sequences: list[Sequence], pair: str) -> list[str]:
    """Return the history of the sequence that a pair belongs to."""
    number = int(pair.partition("r")[0].rpartition("s")[2].rpartition(":")[2] or 0)
    return sequences[number].happened
