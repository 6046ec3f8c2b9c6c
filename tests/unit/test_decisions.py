"""Decisions: how a file is read, what references stand for, and what follows from a decision."""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orchestrator.bigquery.patience import PATIENT
from orchestrator.cli import execute
from orchestrator.decisions import decide as deciding
from orchestrator.decisions.contradictions import (
    Contradiction,
    contradictions,
    disjoint_sides,
    holding,
)
from orchestrator.decisions.current_user import current_user
from orchestrator.decisions.decide import find_entity, follow, look_up, name_problem
from orchestrator.decisions.decision import COLUMNS, StewardDecision
from orchestrator.decisions.kept import append, read_kept, read_named, read_since
from orchestrator.decisions.read_file import read_decisions, read_time
from orchestrator.decisions.references import KnownReferences, Stay, read_references
from orchestrator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NIGHT = datetime(2026, 1, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)
HEADER = "entity,left_id,right_id,verdict,decided_by,decided_at,reason\n"


def decided(
    left: str, verdict: str, right: str, name: str = "", *, after_nights: float = 9.5
) -> StewardDecision:
    """Return a decision about people, made so many days after the first night."""
    at = NIGHT + after_nights * DAY
    return StewardDecision("person", left, right, verdict, "ann", at, "seen", name)


def stays() -> list[Stay]:
    """r2 left per_1 for per_2 in the second night, per_3 went up in per_1, and r9 was deleted."""
    second = NIGHT + DAY
    return [
        Stay("person", "r1", "per_1", NIGHT, None),
        Stay("person", "r2", "per_1", NIGHT, second),
        Stay("person", "r2", "per_2", second, None),
        Stay("person", "r3", "per_3", NIGHT, second),
        Stay("person", "r3", "per_1", second, None),
        Stay("person", "r9", "per_9", NIGHT, second),
        Stay("person", "r9", None, second, None),
        Stay("company", "r1", "com_1", NIGHT, None),
    ]


@pytest.mark.parametrize(
    ("decision", "left", "right"),
    [
        (decided("per_1", "same", "r9", after_nights=0.5), {"r1", "r2"}, set()),
        (decided("per_1", "same", "r9", after_nights=1.5), {"r1", "r3"}, set()),
        (decided("per_1", "different", "per_3"), {"r1"}, {"r3"}),
        (decided("x", "same", "per_1", after_nights=-1), set(), {"r1", "r2"}),
        (decided("r1", "different", "per_1", after_nights=0.5), {"r1"}, {"r2"}),
        (decided("per_1", "same", "com_1"), {"r1", "r3"}, set()),
    ],
)
def test_a_reference_stands_for_the_records_it_had(
    decision: StewardDecision, left: set[str], right: set[str]
) -> None:
    assert KnownReferences(stays()).sides_of(decision) == (
        frozenset(left),
        frozenset(right),
    )


def test_the_entity_is_found_out() -> None:
    known = KnownReferences(stays())
    asked = replace(decided("r2", "same", "per_3"), entity="")
    found, problem = find_entity(asked, known)
    assert (found.entity, problem) == ("person", "")
    problems = {
        "nobody knows 'x'": replace(asked, right_id="x"),
        "one is a person and the other a company": replace(asked, right_id="com_1"),
        "'r2' is no company": replace(asked, entity="company", right_id="com_1"),
    }
    assert {find_entity(one, known)[1] for one in problems.values()} == set(problems)
    both = KnownReferences([*stays(), Stay("company", "r2", "com_1", NIGHT, None)])
    assert "a person and a company" in find_entity(replace(asked, right_id="r1"), both)[1]


def sides(*decisions: StewardDecision) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the sides of decisions about records."""
    return {d.decision_id: (frozenset({d.left_id}), frozenset({d.right_id})) for d in decisions}


def test_the_newest_holds_and_of_two_at_once_the_one_that_keeps_apart() -> None:
    old, new = decided("a", "same", "b", "d1"), decided("b", "unsure", "a", "d2", after_nights=10)
    at_once = [decided("a", "same", "c", "d3"), decided("c", "different", "a", "d4")]
    held = {one.decision_id for one in holding([new, old, *at_once]).values()}
    assert held == {"d2", "d4"}


def test_a_circle_with_a_different_in_it_is_a_contradiction() -> None:
    circle = [
        decided("a", "same", "b", "d1"),
        decided("c", "same", "b", "d2"),
        decided("c", "different", "a", "d3"),
        decided("x", "same", "y", "d4"),
        decided("x", "different", "a", "d5"),
        decided("p", "same", "q", "d6"),
        decided("p", "unsure", "q", "d7"),
    ]
    assert contradictions(circle, sides(*circle)) == [
        Contradiction(("d1", "d2"), ("d3",)),
        Contradiction(("d6",), ("d7",)),
    ]


def known_records(*names: str) -> KnownReferences:
    """Return a ledger in which each record is a person of its own."""
    return KnownReferences([Stay("person", one, f"per_{one}", NIGHT, None) for one in names])


def test_what_follows_from_a_decision() -> None:
    kept = [decided("a", "same", "b", "d1"), decided("b", "same", "c", "d2")]
    known = known_records("a", "b", "c")
    [against] = follow([decided("c", "different", "a", "d3")], kept, known)
    assert (against.n_left_records, against.n_right_records) == (1, 1)
    assert against.contradicts == ("d1", "d2")
    [instead] = follow([decided("b", "different", "a", "d4", after_nights=10)], kept, known)
    assert instead.replaces == kept[0]
    assert instead.contradicts == ()
    [again] = follow([decided("b", "same", "a", after_nights=11)], kept, known)
    assert again.is_kept_already
    assert again.decision == kept[0]


def test_the_same_about_an_entity_that_has_grown_is_new() -> None:
    before = decided("per_1", "same", "r2", "d1", after_nights=0.5)
    [followed] = follow([decided("per_1", "same", "r2")], [before], KnownReferences(stays()))
    assert not followed.is_kept_already
    assert followed.replaces == before


def test_a_name_is_used_once() -> None:
    kept = [decided("a", "same", "b", "d1")]
    assert name_problem(decided("b", "same", "a", "d1"), kept) == ""
    assert "is another decision" in name_problem(decided("a", "different", "b", "d1"), kept)
    assert name_problem(decided("a", "different", "b"), kept) == ""


def test_a_file_is_read_with_who_and_when(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(
        HEADER + "person,a,b,Same,,,told us\n" + ',a,c,unsure,bob,2026-01-02,"no, idea"\n',
        encoding="utf-8",
    )
    first, second = read_decisions(path, "ann", NIGHT)
    assert first.decision == StewardDecision("person", "a", "b", "same", "ann", NIGHT, "told us")
    assert second.number == 3
    assert second.decision.decided_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert second.decision.decided_by == "bob"


def test_every_wrong_line_of_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(
        HEADER
        + "person,a,b,same,,,fine\n"
        + "person,a,,diferent,,,\n"
        + "dog,a,a,same,,tomorrow,why\n"
        + "person,a,b,same,,2999-01-01,why\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_decisions(path, "ann", NIGHT)
    text = caught.value.message
    assert "3 of its lines" in text
    for wrong in (
        "line 3: right_id is empty; reason is empty; verdict 'diferent' is none of",
        "did you mean 'different'",
        "line 4: entity 'dog' is neither person nor company; both sides are the same; decided_at",
        "line 5: decided_at 2999-01-01 is in the future",
    ):
        assert wrong in text
    assert "line 2" not in text


def test_a_file_says_which_columns_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text("left_id,right_id,verdikt,reason\na,b,same,why\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"lacks the column verdict .* did you mean 'verdict'"):
        read_decisions(path, "ann", NIGHT)
    path.write_text(HEADER, encoding="utf-8")
    with pytest.raises(InputError, match="has no decisions"):
        read_decisions(path, "ann", NIGHT)


class Warehouse:
    """Keeps the rows that are appended, and says what is known."""

    def __init__(
        self, project_dir: Path, known: KnownReferences, kept: list[StewardDecision]
    ) -> None:
        self.settings = SimpleNamespace(ops_dataset="concord_ops", project_dir=project_dir)
        self.known, self.kept = known, kept
        self.appended: list[dict[str, str]] = []

    def table_id(self, dataset: str, table: str) -> str:
        return f"p.{dataset}.{table}"

    def query(
        self,
        sql: str,
        *parameters: Any,  # noqa: ANN401 - fake
        patience: object = None,
    ) -> Iterator[dict[str, Any]]:
        if sql.startswith("\ninsert"):
            self.appended += [json.loads(row) for row in parameters[0].values]
            return iter(())
        assert sql.endswith("from `p.concord_ops.decisions`")
        columns = ("decision_id", *HEADER.strip().split(","))
        return iter([{name: getattr(one, name) for name in columns} for one in self.kept])


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    kept = [decided("a", "same", "b", "d1"), replace(decided("b", "same", "c", "d2"), reason="")]
    made = Warehouse(tmp_path, known_records("a", "b", "c"), kept)
    monkeypatch.setattr("orchestrator.bigquery.connect.connect", lambda _: made)
    monkeypatch.setattr(deciding, "ensure_own_tables", lambda _: None)
    monkeypatch.setattr(deciding, "read_references", lambda *_: made.known)
    return made


def test_a_decision_is_kept(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["decide", "per_a", "c", "same", "--reason", "told us", "--by", "bob"]) == 0
    [row] = warehouse.appended
    expected = {"entity": "person", "left_id": "per_a", "right_id": "c", "verdict": "same"}
    assert row.items() >= {**expected, "decided_by": "bob", "reason": "told us"}.items()
    assert row["decision_id"].startswith("dec_")
    out = capsys.readouterr().out
    assert "per_a (1 record) same c (1 record)" in out
    assert "1 kept. It holds from the next run on." in out


def test_a_contradiction_is_refused_and_kept_anyway(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["decide", "a", "c", "different", "--reason", "two"]
    assert execute(command) == 2
    assert warehouse.appended == []
    assert "against d1, d2" in capsys.readouterr().err
    assert execute([*command, "--dry-run"]) == 0
    assert warehouse.appended == []
    assert "contradicts d1, d2" in capsys.readouterr().out
    assert execute([*command, "--anyway"]) == 0
    assert len(warehouse.appended) == 1


def test_a_file_is_kept_whole_or_not_at_all(
    warehouse: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(HEADER + "person,a,c,same,,,y\n,a,gone,same,,,y\n", encoding="utf-8")
    assert execute(["decide", str(path)]) == 2
    assert "line 3: nobody knows 'gone'" in capsys.readouterr().err
    assert warehouse.appended == []
    path.write_text(HEADER + "person,a,c,same,,,y\n,b,a,same,,,y\n", encoding="utf-8")
    assert execute(["decide", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["is_kept_already"] for one in told] == [False, True]
    assert [row["right_id"] for row in warehouse.appended] == ["c"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["a", "b", "same"], "reason is empty"),
        (["a", "b", "equal", "--reason", "x"], "verdict 'equal' is none of same"),
        (["a", "b"], "neither a decision nor a file"),
        (["a", "a", "same", "--reason", "x"], "both sides are the same"),
        (["a", "x", "same", "--reason", "x"], "nobody knows 'x'"),
    ],
)
def test_what_is_no_decision_says_how_to_write_one(
    warehouse: Warehouse, arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["decide", *arguments]) == 2
    told = capsys.readouterr().err
    assert problem in told
    assert "What to do: " in told
    assert warehouse.appended == []


def test_decisions_of_the_seed_count_too(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "seeds" / "decisions"
    folder.mkdir(parents=True)
    (folder / "decisions.csv").write_text(
        "decision_id," + HEADER + "s1,person,a,c,different,ann,2026-01-01,\n,person,a,,same,,,\n",
        encoding="utf-8",
    )
    assert [one.decision_id for one in read_kept(warehouse)] == ["d1", "d2", "s1"]  # type: ignore[arg-type]


def test_a_name_is_appended_once(warehouse: Warehouse) -> None:
    one = decided("a", "same", "c").named()
    append(warehouse, [one, one])  # type: ignore[arg-type]
    assert [row["decision_id"] for row in warehouse.appended] == [one.decision_id]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("ab", "bc", ("ab", "c")),
        ("a", "abc", ("a", "bc")),
        ("abc", "a", ("bc", "a")),
        ("ab", "ab", ("ab", "")),
    ],
)
def test_a_record_on_both_sides_counts_for_the_smaller_one(
    left: str, right: str, expected: tuple[str, str]
) -> None:
    assert disjoint_sides(frozenset(left), frozenset(right)) == tuple(map(frozenset, expected))


@pytest.mark.parametrize(
    ("first", "second"), [("different", "unsure"), ("unsure", "same"), ("different", "same")]
)
def test_of_two_of_one_moment_the_one_holds_that_keeps_more_apart(first: str, second: str) -> None:
    stronger, weaker = decided("a", first, "b", "d2"), decided("b", second, "a", "d1")
    for both in ([stronger, weaker], [weaker, stronger]):
        assert list(holding(both).values()) == [stronger]


def test_of_two_that_say_the_same_at_once_the_first_name_holds() -> None:
    one, other = decided("a", "same", "b", "d1"), decided("a", "same", "b", "d2")
    for both in ([one, other], [other, one]):
        assert list(holding(both).values()) == [one]


def test_a_decision_that_is_given_again_by_name_is_kept_already() -> None:
    kept = [decided("a", "same", "b", "d1"), decided("a", "different", "c", "d2")]
    known = known_records("a", "b", "c")
    [again] = follow([decided("a", "same", "b", "d1", after_nights=12)], kept, known)
    assert again.is_kept_already
    assert (again.decision, again.replaces) == (kept[0], None)
    # What has no name is named by what it says; the second time it is known by that.
    unnamed = decided("b", "unsure", "c")
    [again] = follow([unnamed], [*kept, unnamed.named()], known)
    assert again.is_kept_already
    assert again.replaces is None


def test_who_binds_is_told_what_separates() -> None:
    kept = [decided("a", "same", "b", "d1"), decided("c", "different", "a", "d2")]
    known = known_records("a", "b", "c")
    [against] = follow([decided("b", "same", "c", "d3")], kept, known)
    assert against.contradicts == ("d2",)
    # One that was kept although it contradicts is not held against who gives it again.
    kept.append(against.decision)
    [again] = follow([against.decision], kept, known)
    assert again.is_kept_already
    assert again.contradicts == ()


def test_the_name_of_a_decision_is_that_of_all_that_it_says() -> None:
    one = decided("a", "same", "b")
    # Names that are kept in warehouses: another one would be the same decision a second time.
    assert one.named().decision_id == "dec_690cea84a0281dfa"
    others = [
        replace(one, entity="company"),
        replace(one, left_id="x"),
        replace(one, verdict="unsure"),
        replace(one, decided_by="bob"),
        replace(one, decided_at=NIGHT),
        replace(one, reason="heard"),
    ]
    assert len({other.named().decision_id for other in [one, *others]}) == 7


def test_a_reference_counts_from_the_moment_it_began_until_it_ended() -> None:
    known = KnownReferences(stays())
    at_once = decided("per_2", "same", "r9", after_nights=1)
    assert known.sides_of(at_once)[0] == {"r2"}
    # At the moment in which r2 left per_1 and r3 came, r3 was there and r2 no more.
    moved = decided("per_1", "same", "r9", after_nights=1)
    assert known.sides_of(moved)[0] == {"r1", "r3"}


def test_a_file_may_name_its_decisions_and_say_the_zone(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(
        "decision_id,left_id,right_id,verdict,decided_at,reason\n"
        "mine,a,b,same,2026-01-02T01:00:00+02:00,x\n"
        ",a,c,same,2026-01-02 03:04:05 UTC,x\n"
        ",a,d,same,2026-01-02 03:04:05,x\n",
        encoding="utf-8",
    )
    zoned, said, unsaid = (line.decision for line in read_decisions(path, "ann", NIGHT))
    assert (zoned.decision_id, said.decision_id) == ("mine", "")
    assert zoned.decided_at.isoformat() == "2026-01-01T23:00:00+00:00"
    assert said.decided_at == unsaid.decided_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("left_id,right_id,verdict\n", r"lacks the column reason$"),
        (HEADER.replace("reason", "reason,why"), r"has an unknown column why$"),
    ],
)
def test_a_column_too_few_and_one_too_many_are_each_a_fault(
    tmp_path: Path, header: str, problem: str
) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(header + "a,b,same,x\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_decisions(path, "ann", NIGHT)
    assert re.search(problem, caught.value.message)


@pytest.mark.parametrize(("wrong", "more"), [(20, ""), (21, "and 1 more"), (25, "and 5 more")])
def test_of_many_wrong_lines_the_first_are_listed(tmp_path: Path, wrong: int, more: str) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(HEADER + "person,a,a,same,,,x\n" * wrong, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_decisions(path, "ann", NIGHT)
    first, *listed = caught.value.message.split("\n")
    assert f"{wrong} of its lines" in first
    assert len([line for line in listed if "both sides are the same" in line]) == 20
    assert listed[20:] == ([f"  {more}"] if more else [])


def test_what_is_appended_is_every_column_of_the_table() -> None:
    asked: list[tuple[str, Any, object]] = []
    connection: Any = SimpleNamespace(
        settings=SimpleNamespace(ops_dataset="ops"),
        table_id=lambda dataset, table: f"p.{dataset}.{table}",
        query=lambda sql, parameter, patience: asked.append((sql, parameter, patience)),
    )
    one = decided("a", "same", "b", "d1")
    append(connection, [one], PATIENT)
    [(sql, parameter, patience)] = asked
    assert f"insert into `p.ops.decisions` ({', '.join(COLUMNS)})" in sql
    assert "select decision_id from `p.ops.decisions`" in sql
    assert (parameter.name, parameter.array_type) == ("decisions", "STRING")
    assert [json.loads(row) for row in parameter.values] == [one.row()]
    assert patience is PATIENT
    append(connection, [])
    assert len(asked) == 1


class Kept:
    """A table of decisions, which answers with all its rows."""

    def __init__(self, project_dir: Path, *rows: StewardDecision) -> None:
        self.settings = SimpleNamespace(ops_dataset="ops", project_dir=project_dir)
        self.rows = [one.row() | {"extra": "x"} for one in rows]
        self.asked: list[tuple[str, Any, object]] = []

    def table_id(self, dataset: str, table: str) -> str:
        return f"p.{dataset}.{table}"

    def query(
        self,
        sql: str,
        parameter: Any = None,  # noqa: ANN401 - fake
        patience: object = None,
    ) -> Iterator[dict[str, Any]]:
        self.asked.append((sql, parameter, patience))
        return iter(self.rows)


SELECT = f"select {', '.join(COLUMNS)} from `p.ops.decisions`"


def test_of_several_of_one_name_the_newest_is_read(tmp_path: Path) -> None:
    new, old = decided("a", "same", "b", "d1"), decided("a", "unsure", "b", "d1", after_nights=1)
    warehouse: Any = Kept(tmp_path, new, old, replace(new, decision_id="d2", entity="dog"))
    assert read_named(warehouse, iter(["d1", "d2"]), PATIENT) == {"d1": new}
    [(sql, parameter, patience)] = warehouse.asked
    assert sql == f"{SELECT} where decision_id in unnest(@names) order by decided_at desc"
    assert (parameter.name, parameter.array_type) == ("names", "STRING")
    assert (parameter.values, patience) == (["d1", "d2"], PATIENT)


def test_decisions_since_a_time_are_read_newest_first(tmp_path: Path) -> None:
    unnamed = decided("a", "same", "b")
    warehouse: Any = Kept(tmp_path, decided("a", "same", "c", "d1"), unnamed)
    assert read_since(warehouse, NIGHT, PATIENT) == [
        decided("a", "same", "c", "d1"),
        unnamed.named(),
    ]
    [(sql, parameter, patience)] = warehouse.asked
    assert sql == f"{SELECT} where decided_at >= @since order by decided_at desc"
    assert (parameter.name, parameter.type_) == ("since", "TIMESTAMP")
    assert (parameter.value, patience) == (NIGHT, PATIENT)


def test_rows_that_are_no_decisions_are_left_out_and_the_others_kept_whole(tmp_path: Path) -> None:
    good = decided("a", "same", "b", "d1")
    warehouse: Any = Kept(
        tmp_path,
        good,
        replace(good, decision_id="d2", entity=""),
        replace(good, decision_id="d3", verdict="equal"),
        replace(good, decision_id="d4", left_id="b"),
    )
    warehouse.rows.append(good.row() | {"decision_id": "d5", "decided_at": None})
    # A text with a line break and an umlaut, as a spreadsheet writes it.
    folder = tmp_path / "seeds" / "decisions"
    folder.mkdir(parents=True)
    text = "decision_id," + HEADER + 's1,person,a,c,same,Jörg,2026-01-01,"one\r\ntwo"\n'
    (folder / "decisions.csv").write_bytes(text.encode())
    kept, seeded = read_kept(warehouse)
    assert kept == good
    assert (seeded.decided_by, seeded.reason) == ("Jörg", "one\r\ntwo")
    assert warehouse.asked[0][0] == SELECT


def test_references_are_looked_up_of_what_is_new_and_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse: Any = Kept(tmp_path, decided("c", "same", "a", "d1"))
    ensured: list[object] = []
    monkeypatch.setattr(deciding, "ensure_own_tables", ensured.append)
    stay = {"entity": "person", "record_id": "a", "entity_id": "per_a", "began_at": NIGHT}
    answers = [warehouse.rows, [stay | {"ended_at": None}]]

    def query(sql: str, *parameters: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        warehouse.asked.append((sql, parameters, None))
        return iter(answers.pop(0))

    warehouse.query = query
    known, kept = look_up(warehouse, [decided("b", "same", "a")])
    assert ensured == [warehouse]
    assert [one.decision_id for one in kept] == ["d1"]
    assert known.stays == [Stay("person", "a", "per_a", NIGHT, None)]
    sql, [parameter], _ = warehouse.asked[1]
    assert sql.count("`p.ops.entity_ledger`") == 2
    assert (parameter.name, parameter.array_type) == ("references", "STRING")
    assert parameter.values == ["a", "b", "c"]
    # Nothing to ask for is not asked.
    assert read_references(warehouse, []).stays == []
    assert len(warehouse.asked) == 2


@pytest.mark.parametrize("error", [OSError, KeyError])
def test_who_has_no_name_decides_by_number(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def unknown() -> str:
        raise error("uid not found")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert current_user() == f"user {os.getuid()}"


def test_who_was_gone_at_the_very_moment_is_asked_for_by_its_last_stay() -> None:
    known = KnownReferences(stays())
    assert known.sides_of(decided("per_3", "same", "r9", after_nights=1))[0] == {"r3"}


def test_a_time_without_a_zone_is_not_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        for text in ("2026-01-02 03:04:05", "2026-01-02T05:04:05+02:00"):
            found = read_time(text)
            assert found is not None
            assert found.isoformat() == "2026-01-02T03:04:05+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_line_that_cannot_be_read_is_named_beside_the_wrong_ones(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    wrong = "person,a,a,same,,,x\n"
    path.write_text(HEADER + wrong + "person,a,b,same,,,x,y,z\n" + wrong, encoding="utf-8")
    with pytest.raises(InputError, match="3 of its lines") as caught:
        read_decisions(path, "ann", NIGHT)
    assert [f"line {number}: " in caught.value.message for number in (2, 3, 4)] == [True] * 3
