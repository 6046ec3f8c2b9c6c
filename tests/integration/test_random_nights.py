"""Ids of hundreds of random sequences, night after night, against the plain model in Python.

All sequences stand in one warehouse and have no record in common, so each night is one build.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.settings.values import Settings, exported
from tests.entities.check import Believed, Found, Night
from tests.entities.joint_nights import ENTITIES, JointNights, small_project
from tests.entities.plain_model import replay
from tests.entities.random_nights import sequences, text_of
from tests.integration.conftest import run_dbt, statuses_of
from tests.project_copy import share_translations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover, pytest.mark.slow]

# Of each entity.
SEQUENCES: Final = 120
NIGHTS: Final = 8
SEED: Final = 11
# The version of the model, night by night.
MODELS: Final = ("m1", "m1", "m2", "m2", "m2", "m3", "m3", "m3")
SELECTED: Final = (
    *("path:models/entities/identities", "stg_concord_ops__entity_ledger"),
    *("entity_events", "entity_aliases", "entity_id_changes"),
)
EVENTS: Final = frozenset(
    {"born", "grew", "shrank", "retired", "merged", "split", "moved", "updated"}
)


@dataclass
class Sequences:
    """All sequences of an entity, what the plain model holds of them, and what is wrong."""

    nights: dict[str, list[Night]]
    believed: Believed
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def tonight(self, index: int) -> list[Night]:
        """Return a night of every sequence."""
        return [nights[index] for nights in self.nights.values()]

    def check(self, index: int, found: Found) -> None:
        """Compare a night with what must hold, sequence by sequence, and go on from it."""
        records: dict[str, set[str]] = defaultdict(set)
        for record in self.believed.last.keys() | found.places.keys() | found.rows.keys():
            records[record.partition(":")[0]].add(record)
        is_other_model = MODELS[index] != MODELS[max(0, index - 1)]
        for prefix, of_sequence in records.items():
            last = {r: place for r, place in self.believed.last.items() if r in of_sequence}
            believed = Believed(self.believed.entity, last, self.believed.used)
            faults = believed.faults(
                self.nights[prefix][index], found.of(of_sequence), is_other_model=is_other_model
            )
            self.faults[prefix] += [f"night {index}: {fault}" for fault in faults]
        self.believed.accept(found.places)

    def smallest_fault(self) -> str:
        """Return the smallest sequence with a fault as a text: its nights, and what is wrong."""
        wrong = {prefix: faults for prefix, faults in self.faults.items() if faults}
        if not wrong:
            return ""
        size = {prefix: sum(len(night.hashes) for night in self.nights[prefix]) for prefix in wrong}
        prefix = min(wrong, key=lambda one: (size[one], one))
        nights = (f"  {index}: {text_of(night)}" for index, night in enumerate(self.nights[prefix]))
        return "\n".join((f"{len(wrong)} sequences; smallest: {prefix}", *nights, *wrong[prefix]))


@pytest.fixture(scope="module")
def joint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JointNights]:
    """Return a warehouse of a copy of the project in which nothing is built yet."""
    project = small_project(tmp_path_factory.mktemp("project"))
    share_translations(project)
    settings = Settings(project_dir=project)
    data = tmp_path_factory.mktemp("warehouse")
    with private_local_warehouse(settings, data, "1GB") as connection:
        nights = JointNights(connection, project)
        nights.begin()
        with exported(connection.settings.environment()):
            yield nights


@pytest.fixture(scope="module")
def gone_through(joint: JointNights) -> Mapping[str, Sequences]:
    """Let all sequences go through all nights; returns what was found of each entity."""
    by_entity = {
        entity: Sequences(sequences(SEQUENCES, NIGHTS, f"{SEED} {entity}"), Believed(entity))
        for entity in ENTITIES
    }
    n_rows = 0
    for index in range(NIGHTS):
        decided_at = datetime.now(UTC).isoformat()
        for entity, of_entity in by_entity.items():
            joint.write(entity, of_entity.tonight(index), MODELS[index])
            joint.decide(entity, of_entity.tonight(index), decided_at)
        build(joint.project, f"run{index}", "run")
        for entity, of_entity in by_entity.items():
            of_entity.check(index, joint.found(entity))
        before, n_rows = n_rows, joint.commit()
        assert n_rows > before
        # The answer to the statement may get lost: the second time adds nothing.
        assert joint.commit() == n_rows
    return by_entity


def build(project: Path, run_id: str, command: str) -> None:
    """Build the identities of a night; with the command `build` also their tests."""
    with exported({"CONCORD_RUN_ID": run_id}):
        result = run_dbt(project, command, "--select", *SELECTED)
    statuses = statuses_of(result).items()
    assert not {name: status for name, status in statuses if status not in {"success", "pass"}}


def test_every_sequence_is_what_the_plain_model_says(
    gone_through: Mapping[str, Sequences],
) -> None:
    assert sum(len(one.nights) for one in gone_through.values()) >= 200
    for one in gone_through.values():
        assert one.smallest_fault() == ""


def test_every_event_has_happened(
    joint: JointNights, gone_through: Mapping[str, Sequences]
) -> None:
    for entity in gone_through:
        assert {row.event for row in joint.ledger(entity)} == EVENTS


def test_the_ledger_replays_to_the_state(
    joint: JointNights, gone_through: Mapping[str, Sequences]
) -> None:
    for entity, one in gone_through.items():
        assert replay(joint.ledger(entity)) == one.believed.last


def test_retired_ids_resolve_to_one_that_lives_or_to_nothing(
    joint: JointNights, gone_through: Mapping[str, Sequences]
) -> None:
    expected: dict[str, str | None] = {}
    for one in gone_through.values():
        aliases, living = one.believed.aliases.all(), one.believed.living
        assert aliases.keys() == one.believed.used - living
        assert set(aliases.values()) <= living | {None}
        expected |= aliases
    assert joint.aliases() == expected


def test_marts_tell_the_ledger(joint: JointNights, gone_through: Mapping[str, Sequences]) -> None:
    expected: Counter[tuple[str | None, ...]] = Counter()
    for entity, one in gone_through.items():
        assert joint.id_changes(entity) == one.believed.changes
        for row in joint.ledger(entity):
            expected[entity, row.before, row.after, row.event] += 1
    assert joint.events() == expected


def test_the_same_night_again_adds_nothing(
    joint: JointNights, gone_through: Mapping[str, Sequences]
) -> None:
    build(joint.project, "again", "build")
    for entity, one in gone_through.items():
        assert joint.found(entity).rows == {}
        assert joint.found(entity).places == one.believed.last


def test_a_night_is_known_to_the_microsecond(
    joint: JointNights, gone_through: Mapping[str, Sequences]
) -> None:
    # In whole seconds, what somebody decided just before a night would also be decided after it.
    assert gone_through
    happened = joint.connection.query("select distinct happened_at from concord_ops.entity_ledger")
    assert any(row["happened_at"].microsecond for row in happened)
