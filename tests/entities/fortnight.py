"""Runs real nights on the small world, and compares each with the plain model."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from orchestrator.backup.make import content_of
from orchestrator.cli import execute
from tests.entities.check import Believed, Found, Night
from tests.entities.joint_nights import ENTITIES, happening_of
from tests.entities.plain_model import CHANGES_OF_ID, Place, entities_of
from tests.entities.published import Published
from tests.entities.tables import read_rows
from tests.entities.world import World

if TYPE_CHECKING:
    import pytest

    from orchestrator.bigquery.connect import Connection


@dataclass(frozen=True)
class Told:
    """What a command came to: its exit code, and what it said."""

    exit_code: int
    out: str
    text: str


@dataclass
class Fortnight:
    """One world, one warehouse, night after night."""

    connection: Connection
    left_out: tuple[str, ...]
    capsys: pytest.CaptureFixture[str] | None = None
    world: World = field(default_factory=World)
    believed: dict[str, Believed] = field(
        default_factory=lambda: {entity: Believed(entity) for entity in ENTITIES}
    )
    decided: frozenset[str] = frozenset()
    # When each accepted night was over, and record -> id of each entity from then on.
    times: list[datetime] = field(default_factory=list)
    states: list[dict[str, dict[str, str]]] = field(default_factory=list)
    # Of records that have another id: over all nights, and of the last one by record.
    causes: Counter[str] = field(default_factory=Counter)
    causes_of_night: dict[str, str] = field(default_factory=dict)
    n_runs: int = 0

    @property
    def published(self) -> Published:
        """Return what others read after an accepted night."""
        return Published(self.connection, self.world, self.believed)

    def concord(self, *arguments: str) -> Told:
        """Run a command in this process."""
        assert self.capsys is not None
        self.capsys.readouterr()
        code = execute(list(arguments))
        told = self.capsys.readouterr()
        return Told(code, told.out, told.out + told.err)

    def json_of(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever a command says
        """Return what a command says as JSON."""
        told = self.concord(*arguments, "--json")
        assert told.exit_code == 0, told.text
        return json.loads(told.out)

    def run(self, *options: str) -> Told:
        """Run a night; what the seeds say is the same in every one but the first."""
        left_out = (*self.left_out, *(("resource_type:seed",) if self.n_runs else ()))
        self.n_runs += 1
        return self.concord("run", *(f"--exclude={one}" for one in left_out), *options)

    def accepted_night(self, *options: str) -> dict[str, dict[str, str]]:
        """Run a night that must be accepted; returns record -> event of each entity."""
        self.world.sync(self.connection)
        told = self.run(*options)
        assert told.exit_code == 0, told.text
        return self.check()

    def refused_night(self, *options: str, exit_code: int, without: str = "") -> str:
        """Run a night that must be stopped, and see that it leaves everything as it was."""
        self.world.sync(self.connection, without=without)
        before = self.kept()
        told = self.run(*options)
        assert told.exit_code == exit_code, told.text
        assert self.kept() == before
        return told.text

    def check(self) -> dict[str, dict[str, str]]:
        """Compare an accepted night with the model; returns record -> event of each entity."""
        events = {}
        self.causes_of_night = {}
        for entity, believed in self.believed.items():
            found, is_other_model = self._found(entity)
            night = self._night(entity)
            assert set(night.hashes) == self.world.records(entity)
            assert "\n".join(believed.faults(night, found, is_other_model=is_other_model)) == ""
            believed.accept(found.places)
            changed = [r for r, row in found.rows.items() if row.event in CHANGES_OF_ID]
            self.causes_of_night |= {record: found.causes[record] for record in changed}
            events[entity] = {record: row.event for record, row in found.rows.items()}
        self.causes.update(self.causes_of_night.values())
        self.decided = frozenset()
        self.times.append(datetime.now(UTC))
        self.states.append({entity: entities_of(one.last) for entity, one in self.believed.items()})
        self.published.check()
        self.published.check_day(self.times[-1], self.states[-1])
        return events

    def check_all_days(self) -> None:
        """Compare what the snapshots say of each day with what was believed then."""
        for at, state in zip(self.times, self.states, strict=True):
            self.published.check_day(at, state)

    def _night(self, entity: str) -> Night:
        clusters = self.read(f"select * from concord_matching.{entity}_clusters")
        records = self.read(f"select * from concord_standardized.int_{entity}_records")
        return Night(
            {row["record_id"]: row["cluster_id"] for row in clusters},
            {row["record_id"]: row["record_hash"] for row in records},
            self.decided,
        )

    def _found(self, entity: str) -> tuple[Found, bool]:
        """Return what the last run found, and whether it had another model than the ledger's."""
        run_id = self._last_run()
        ledger = self.published.ledger(entity)
        rows = [row for row in ledger if row["run_id"] == run_id]
        versions = [row["model_version"] for row in ledger if row["run_id"] != run_id]
        assigned = self.read(f"select * from concord_entities.{entity}_assignments")
        found = Found(
            {r["record_id"]: Place(r[f"{entity}_id"], r["record_hash"]) for r in assigned},
            {r["record_id"]: r["cluster_id"] for r in assigned},
            {r["record_id"]: happening_of(r) for r in rows},
            {r["record_id"]: r["cause"] for r in rows},
        )
        return found, any(row["model_version"] != versions[-1] for row in rows if versions)

    def _last_run(self) -> str:
        """Return the last run, or the one that it went on with: rows are named after that."""
        runs = self.read("select run_id, resumes from concord_ops.pipeline_runs order by run_id")
        resumed = {run["run_id"]: run["resumes"] for run in runs}
        run_id = max(resumed)
        while resumed.get(run_id):
            run_id = resumed[run_id]
        return str(run_id)

    def kept(self) -> dict[str, tuple[int, str]]:
        """Return a fingerprint of everything that only an accepted night may change."""
        names = [
            f"{dataset}.{table}"
            for dataset in ("concord_published", "concord_snapshots")
            for table in sorted(self.connection.table_names(dataset))
        ]
        names += ["concord_ops.entity_ledger", "concord_ops.source_rows"]
        project = self.connection.settings.project
        return {name: content_of(self.connection, f"{project}.{name}") for name in names}

    def decide(self, left: str, right: str, verdict: str, *options: str, by: str) -> None:
        """Decide as somebody does at a terminal."""
        why = ("--reason", f"said {by}", "--by", by)
        told = self.concord("decide", left, right, verdict, *why, *options)
        assert told.exit_code == 0, told.text
        self._note_decided(left, right)

    def decide_unseen(self, left: str, right: str) -> None:
        """Write a decision that nobody has looked at."""
        self.connection.query(
            f"""
            insert into concord_ops.decisions
                (decision_id, entity, left_id, right_id, verdict, decided_by, decided_at, reason)
            values (
                'unseen', 'person', '{left}', '{right}', 'same', 'nobody', current_timestamp(), ''
            )
            """
        )
        self._note_decided(left, right)

    def _note_decided(self, *references: str) -> None:
        places = self.believed["person"].last | self.believed["company"].last
        # A decision about an entity is one about its records.
        records = {record for record, place in places.items() if place.entity_id in references}
        self.decided |= {*references, *records}

    def decision_states(self) -> dict[tuple[str, str], list[str]]:
        """Return what became of all decisions about two references, the oldest first."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.read("select * from concord_published.decision_audit order by decided_at"):
            found[row["left_id"], row["right_id"]].append(row["state"])
        return found

    def figures(self) -> dict[str, Any]:
        """Count what the nights have changed."""
        changes = [change for one in self.believed.values() for change in one.changes]
        n_changed = sum(change.n_records_changed_id for change in changes)
        n_seen = sum(change.n_records_before for change in changes)
        return {
            "accepted_nights": len(self.times),
            "records_times_nights": n_seen,
            "ids_changed": n_changed,
            "share": round(n_changed / n_seen, 6),
            "causes": dict(self.causes.most_common()),
        }

    def id_of(self, record_id: str) -> str:
        """Return the id of a record's entity."""
        [place] = [one.last[record_id] for one in self.believed.values() if record_id in one.last]
        return place.entity_id

    def read(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        return read_rows(self.connection, sql)
