"""The report of `concord diff --against`: its gate, its reasons, and that nothing in it is live."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from orchestrator.dbt.runner import DbtRunner
from orchestrator.diff.builds import BuildDiff, BuiltEntity, DiffExample, SideFigures
from orchestrator.diff.evidence import NO_PAIR, DecidingPair, reason_text
from orchestrator.diff.limits import DiffLimits, problems_of
from orchestrator.diff.markdown import diff_markdown
from orchestrator.diff.read import ChangedId, Changes, EntityDiff
from orchestrator.diff.work import BuildWork, read_work
from orchestrator.errors import InputError
from orchestrator.models.figures import BuildFigures
from orchestrator.models.sides import ComparedBuild
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

LIMITS: Final = DiffLimits(id_changes=0.01, quality_loss=0.02, conflict_rise=0.01)
PRICE: Final = 6.25


def side(precision: float | None, recall: float | None, conflicts: float | None) -> SideFigures:
    rates = {"name_suffix": conflicts}
    return SideFigures(BuildFigures(10, precision, recall, None, rates), 0)


def found(
    *,
    changed: int = 0,
    after: SideFigures | None = None,
    examples: tuple[DiffExample, ...] = (),
) -> BuildDiff:
    """Return people of whom some records have another id."""
    merged = Changes("merged", 1, changed, ())
    diff = EntityDiff("person", 10, 9, 1000, 1000, changed, (merged,) if changed else ())
    before = side(0.95, 0.90, 0.02)
    builds = (ComparedBuild("concord", "v1"), ComparedBuild("concord_ci_7", "v1", "concord"))
    return BuildDiff(*builds, (BuiltEntity(diff, before, after or before),), examples)


def report(diff: BuildDiff, work: BuildWork | None = None) -> str:
    problems = problems_of(diff, LIMITS)
    return diff_markdown(diff, work or BuildWork(), LIMITS, problems, PRICE)


@pytest.mark.parametrize(
    ("diff", "problem"),
    [
        (found(changed=11), "1.1 % of person ids would change, allowed 1.0 %"),
        (
            found(after=side(0.92, 0.90, 0.02)),
            "the expected precision of person would fall from 95.0 % to 92.0 %, allowed 2.0 %",
        ),
        (
            found(after=side(0.95, None, 0.02)),
            "the expected recall of person cannot be told any more, it was 90.0 %",
        ),
        (
            found(after=side(0.95, 0.90, 0.04)),
            "conflicts of name suffix in person would rise from 2.0 % to 4.0 %, allowed 1.0 %",
        ),
    ],
)
def test_each_limit_closes_the_gate(diff: BuildDiff, problem: str) -> None:
    assert problems_of(diff, LIMITS) == (problem,)
    assert f"**The gate is closed**: {problem}." in report(diff)


@pytest.mark.parametrize(
    "diff",
    [
        found(changed=10),
        found(after=side(0.94, 0.89, 0.025)),
        # Better, or told for the first time, is no loss.
        found(after=side(0.99, 0.99, None)),
    ],
)
def test_within_the_limits_it_is_open(diff: BuildDiff) -> None:
    assert problems_of(diff, LIMITS) == ()
    text = report(diff)
    assert "**The gate is open**" in text
    assert "Examples" not in text


def test_ids_that_are_kept_are_those_that_did_not_end() -> None:
    text = report(found(changed=11))
    assert "| ids | kept | merged | split | moved | new | gone |" in text
    assert "| number | 9 | 1 | 0 | 0 | 0 | 0 |" in text
    assert "11 of 1,000 records have another id: 1.1 %" in text


def test_names_of_models_are_cut_and_bytes_have_a_price() -> None:
    changed = tuple(f"model_{number:02}" for number in range(45))
    billed = 2 * 1024**4
    text = report(found(), BuildWork(changed, 3, 4, bytes_processed=billed, bytes_billed=billed))
    assert "`model_39` and 5 more" in text
    assert "`model_40`" not in text
    assert "models and seeds: 3, tests: 4; 2,097,152.0 MiB read" in text
    assert "2,097,152.0 MiB billed (US$12.50)." in text
    assert "Changed models: none" in report(found(), BuildWork(()))
    assert "Changed" not in report(found())


def test_an_id_of_a_record_is_text_and_nothing_else() -> None:
    hostile = 'files:people:@everyone <img src="x"> | [a](http://b) `c` *d* #1'
    change = ChangedId("per_2", ("per_1",), 3, ())
    text = report(found(changed=1, examples=(DiffExample("person", "merged", change, hostile),)))
    (line,) = [one for one in text.splitlines() if one.startswith("| 1 |")]
    why = line.split(" | ")[-1].removesuffix(" |")
    assert line.startswith("| 1 | merged into | `per_2` | `per_1` | 3 | files:people:")
    assert not set(why) & set("<>|@`*[]")
    assert "&#64;everyone" in why


def test_a_reason_says_what_became_of_the_pair() -> None:
    pair = DecidingPair(has_joined=True, left_id="files:people:1", right_id="gmail:x:a@example.org")

    def told(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
        text = reason_text(pair, old, new)
        assert "a@example.org" not in text
        return text.removeprefix("files:people:1 and gmail:x:<email>").strip(": ")

    assert told(None, {"match_weight": 9.0}) == "were not compared before: +9.0 bits"
    assert told({"match_weight": 9.0}, None) == "are not compared any more: +9.0 bits before"
    same = told({"match_weight": 9.0}, {"match_weight": 9.01})
    assert same == "are together now, with +9.0 bits as before: other pairs or a rule decide"
    old = {"match_weight": 1.0, "weight_name": 2.0, "weight_city": None, "weight_job_title": 0.5}
    new = {"match_weight": 4.0, "weight_name": 2.0, "weight_city": -0.5, "weight_job_title": 4.0}
    assert told(old, new) == "+1.0 to +4.0 bits (job title +0.5 to +4.0, city +0.0 to -0.5)"
    assert reason_text(pair, None, None) == NO_PAIR


def test_what_a_build_left_is_counted(tmp_path: Path) -> None:
    runner = DbtRunner(Settings(project_dir=tmp_path))
    assert read_work(runner, None, None) == BuildWork()
    with pytest.raises(InputError, match=r"no run_results\.json"):
        read_work(runner, None, tmp_path)
    with pytest.raises(InputError, match=r"no manifest\.json"):
        read_work(runner, tmp_path, None)
    entries = [
        {"unique_id": "model.concord.a", "adapter_response": {"bytes_billed": 3}},
        {"unique_id": "seed.concord.b", "adapter_response": {}},
        {"unique_id": "test.concord.c.1", "adapter_response": {"bytes_billed": 4}},
    ]
    results = [{"status": "success", **entry} for entry in entries]
    document = {"metadata": {}, "results": results}
    (tmp_path / "run_results.json").write_text(json.dumps(document), encoding="utf-8")
    work = read_work(runner, None, tmp_path)
    assert work == BuildWork(None, built_models=2, tests=1, bytes_billed=7)
    assert work.cost(1024**4) == 7
    assert BuildWork().cost(PRICE) is None
