"""`concord diff`: which two states are compared, what is asked, and how the answer is read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core.exceptions import NotFound

from orchestrator.bigquery.patience import PATIENT
from orchestrator.diff.read import ChangedId, Changes, EntityDiff, read_diff
from orchestrator.diff.states import Comparison, State, find_comparison
from orchestrator.errors import InputError
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

LEDGER = "p.concord_ops.entity_ledger"
LOG = "p.concord_ops.pipeline_runs"
PERSONS = "p.concord_entities.int_person_ledger_rows"
COMPANIES = "p.concord_entities.int_company_ledger_rows"


def at(day: int) -> datetime:
    return datetime(2026, 1, day, 2, tzinfo=UTC)


class Ledger:
    """Answers the questions about runs from lists, and notes what is asked of the states."""

    def __init__(self) -> None:
        self.settings = Settings(project="p")
        # Run and moment, the newest last; what waits by table; the run log.
        self.rows: list[tuple[str, datetime]] = []
        self.waiting: dict[str, list[str]] = {}
        self.log: dict[str, dict[str, Any]] = {}
        self.is_there = True
        self.compared: list[tuple[str, dict[str, Any]]] = []
        self.totals: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []

    def table_id(self, dataset: str, table: str) -> str:
        """Name a table."""
        return f"p.{dataset}.{table}"

    def table_names(self, dataset: str) -> frozenset[str]:
        """List tables."""
        assert dataset == "concord_entities"
        return frozenset(name.rpartition(".")[2] for name in self.waiting)

    def logged(self, run_id: str, status: str, day: int, resumes: str | None = None) -> None:
        """Put a run into the log."""
        values = {"run_id": run_id, "started_at": at(day), "status": status, "resumes": resumes}
        self.log[run_id] = values

    def query(self, sql: str, *parameters: Any, patience: object = None) -> Iterator[Any]:  # noqa: ANN401
        """Answer what is asked."""
        given = {one.name: one.value for one in parameters}
        if "compared" in sql:
            assert [one.type_ for one in parameters] == ["TIMESTAMP"] * len(parameters)
            self.compared.append((" ".join(sql.split()), given))
            return iter(self.changes if "'merged'" in sql else self.totals)
        assert patience is PATIENT
        assert ("@id" in sql) == bool(parameters)
        assert [one.type_ for one in parameters] == ["STRING"] * len(parameters)
        if not self.is_there:
            raise NotFound("no such table")
        if "max(happened_at)" in sql:
            assert f"from `{LEDGER}` where run_id = @id" in sql
            found = [moment for run_id, moment in self.rows if run_id == given["id"]]
            return iter([{"moment": max(found, default=None)}])
        if LOG in sql:
            return iter([self.log[one] for one in self.log if one == given["id"]])
        if "not in" in sql:
            assert f"not in (select run_id from `{LEDGER}`)" in sql
            each = " union all ".join(f"select run_id from `{table}`" for table in self.waiting)
            assert f"from ({each})" in sql
            known = {run_id for run_id, _ in self.rows}
            asked = [run_id for table in re.findall(r"from `([^`]+_rows)`", sql)
                     for run_id in self.waiting[table]]  # fmt: skip
            return iter([{"run_id": one} for one in asked if one not in known][:1])
        assert " ".join(sql.split()).endswith("order by happened_at desc, run_id desc limit 1")
        newest = sorted(self.rows, key=lambda row: (row[1], row[0]))[-1:]
        return iter([{"run_id": run_id, "happened_at": moment} for run_id, moment in newest])


@pytest.fixture
def ledger() -> Ledger:
    made = Ledger()
    made.rows = [("r1", at(1)), ("r2", at(1)), ("r2", at(2))]
    return made


def compare(ledger: Ledger, *runs: str) -> Comparison:
    connection: Any = ledger
    return find_comparison(connection, runs)


def test_without_a_run_it_is_what_the_newest_one_changed(ledger: Ledger) -> None:
    before, after = State(at(2), is_included=False), State(at(2))
    assert compare(ledger) == Comparison("What run r2 changed", before, after, ("r2",))
    # What waits is in the ledger already.
    ledger.waiting = {COMPANIES: ["r1"], PERSONS: ["r2"]}
    assert compare(ledger).run_ids == ("r2",)


@pytest.mark.parametrize("table", [PERSONS, COMPANIES])
def test_what_waits_comes_before_what_was_accepted(ledger: Ledger, table: str) -> None:
    ledger.waiting = {COMPANIES: ["r2"], PERSONS: ["r2"], table: ["r3"]}
    found = compare(ledger)
    assert found.title == "What run r3 would change, which was built and not accepted"
    assert (found.before, found.after) == (State(), State(has_waiting=True))
    assert found.run_ids == ("r3",)


def test_the_states_after_two_runs_are_compared(ledger: Ledger) -> None:
    found = compare(ledger, "r1", "r2")
    assert found.title == "From the state after run r1 to the state after run r2"
    assert (found.before, found.after) == (State(at(1)), State(at(2)))
    assert found.run_ids == ("r1", "r2")


def test_a_run_that_changed_nothing_counts_from_its_start(ledger: Ledger) -> None:
    ledger.logged("r3", "success", 3)
    found = compare(ledger, "r3")
    assert (found.title, found.run_ids) == ("What run r3 changed", ("r3",))
    assert (found.before, found.after) == (State(at(3), is_included=False), State(at(3)))
    # A retry that had only to publish accepted nothing of its own.
    ledger.logged("r4", "success", 4, resumes="r2")
    assert compare(ledger, "r4").after == State(at(2))
    # Two that name each other end the search.
    ledger.logged("r5", "success", 5, resumes="r6")
    ledger.logged("r6", "failed", 6, resumes="r5")
    assert compare(ledger, "r5").after == State(at(5))
    # One that resumed a run of which nothing is known any more.
    ledger.logged("r7", "success", 7, resumes="gone")
    assert compare(ledger, "r7").after == State(at(7))


def test_a_run_that_was_not_accepted_changed_nothing(ledger: Ledger) -> None:
    ledger.logged("r3", "failed", 3)
    with pytest.raises(InputError, match="run r3 was not accepted") as caught:
        compare(ledger, "r3")
    assert "concord history" in caught.value.what_to_do
    with pytest.raises(InputError, match="nothing is known of a run r9"):
        compare(ledger, "r1", "r9")


def test_without_ids_there_is_nothing_to_compare(ledger: Ledger) -> None:
    ledger.rows = []
    with pytest.raises(InputError, match="no run was accepted yet"):
        compare(ledger)
    ledger.is_there = False
    with pytest.raises(InputError, match="there is no ledger of ids yet") as caught:
        compare(ledger)
    assert caught.value.what_to_do == "run 'concord run' first"


def totals(entity: str, **values: int) -> dict[str, Any]:
    names = ("entities_before", "entities_after", "records_before", "records_after")
    return {"entity": entity, **dict.fromkeys((*names, "records_changed_id"), 0), **values}


def changed(entity: str, kind: str, *examples: dict[str, Any]) -> dict[str, Any]:
    return {
        "entity": entity,
        "kind": kind,
        "changes": 7,
        "records": 9,
        "examples": list(examples),
    }


def example(entity_id: str, others: str | None, *record_ids: str) -> dict[str, Any]:
    return {
        "entity_id": entity_id,
        "other_ids": others,
        "n_records": 4,
        "record_ids": list(record_ids),
    }


def read(ledger: Ledger, before: State, after: State, examples: int) -> tuple[EntityDiff, ...]:
    connection: Any = ledger
    return read_diff(connection, Comparison("", before, after, ()), examples)


def test_changes_are_read_by_entity_in_the_order_of_their_kinds(ledger: Ledger) -> None:
    person_totals = totals("person", entities_before=20, records_before=8, records_changed_id=2)
    ledger.totals = [totals("company"), person_totals]
    ledger.changes = [
        changed("person", "gone"),
        changed("company", "new"),
        changed("person", "merged", example("p1", "p2 p3", "a", "b"), example("p4", None, "c")),
        changed("person", "moved"),
    ]
    company, person = read(ledger, State(at(1)), State(at(2)), examples=1)
    assert (company.entity, [one.kind for one in company.changes]) == ("company", ["new"])
    assert [one.kind for one in person.changes] == ["merged", "moved", "gone"]
    assert person.changes[0] == Changes(
        "merged", 7, 9, (ChangedId("p1", ("p2", "p3"), 4, ("a", "b")),)
    )
    assert person.id_change_share == 0.25
    assert company.id_change_share is None
    assert (person.n_of("merged"), person.n_of("split")) == (7, 0)
    # Of 20 ids, 7 were merged into others and 7 are gone; a move keeps both.
    assert person.ids_kept == 6
    _, all_of_it = read(ledger, State(at(1)), State(at(2)), examples=5)
    assert all_of_it.changes[0].examples[1] == ChangedId("p4", (), 4, ("c",))


def test_a_record_that_is_an_address_is_masked(ledger: Ledger) -> None:
    ledger.totals = [totals("person")]
    ledger.changes = [changed("person", "new", example("p1", None, "ann.lee@example.org"))]
    [person] = read(ledger, State(), State(), examples=1)
    assert "ann.lee" not in str(person.changes)


def test_each_state_is_read_up_to_its_moment(ledger: Ledger) -> None:
    read(ledger, State(at(1), is_included=False), State(at(2)), examples=3)
    assert len(ledger.compared) == 2
    for sql, given in ledger.compared:
        assert given == {"before": at(1), "after": at(2)}
        first, second = sql.split("newest_after as (")
        assert f"from `{LEDGER}` where happened_at < @before)" in first
        assert f"from `{LEDGER}` where happened_at <= @after)" in second
    [(changes, _), _] = ledger.compared
    assert "limit 3 ) as examples" in changes
    # Of what ended, where it went; of what began, where it came from.
    for kind, others in (("merged", "id_after"), ("split", "id_before")):
        part = changes[changes.index(f"'{kind}') as kind") :]
        told = "string_agg(distinct {0}, ' ' order by {0} limit 10) as other_ids"
        assert part.index(told.format(others)) < part.index("from labelled")


def test_what_waits_is_of_the_state_after_only(ledger: Ledger) -> None:
    ledger.waiting = {PERSONS: [], COMPANIES: []}
    read(ledger, State(), State(has_waiting=True), examples=0)
    for sql, given in ledger.compared:
        assert given == {}
        assert "where happened_at" not in sql
        first, second = sql.split("newest_after as (")
        assert f"happened_at, run_id from `{LEDGER}` )" in first
        columns = "select entity, record_id, entity_id, happened_at, run_id from"
        waiting = [f"union all {columns} `{table}`" for table in (COMPANIES, PERSONS)]
        assert [part in first for part in waiting] == [False, False]
        assert [part in second for part in waiting] == [True, True]
    # BigQuery refuses a limit of 0.
    assert "limit 1 ) as examples" in ledger.compared[0][0]
    # Tables of a build that came later are none of a comparison of what was accepted.
    read(ledger, State(), State(at(2)), examples=1)
    assert (
        "union all select entity, record_id, entity_id, happened_at" not in ledger.compared[-1][0]
    )
