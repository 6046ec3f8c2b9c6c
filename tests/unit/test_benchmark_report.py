"""The benchmark's tables, targets, stored results and document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import tables
from tests.benchmarks.document import circumstance_lines, in_order, lost_data_sets, render
from tests.benchmarks.figures import Figures
from tests.benchmarks.results import (
    Circumstances,
    Comparison,
    Night,
    Results,
    Shift,
    read_results,
    write_results,
)
from tests.benchmarks.run import command_text
from tests.benchmarks.targets import Target, check_targets, read_targets

if TYPE_CHECKING:
    from pathlib import Path

CONCORD = Figures(
    records=1000,
    b3_precision=0.99,
    b3_recall=0.9,
    pair_precision=0.98,
    pair_recall=0.8,
    largest_cluster=9,
    largest_entity=7,
    scored_pairs=2500,
    blocking_recall=0.85,
    command_seconds=31.24,
    matching_seconds=24.0,
    peak_mb=1200.4,
)
SPLINK = replace(CONCORD, b3_recall=0.8, matching_seconds=8.0, peak_mb=600.2, scored_pairs=9000)
HERE = Circumstances("2026-01-31", "make bench", 3, 2, 25.2, {"Concord": "abc1234", "Splink": "5"})
BOTH = Comparison("fake_1000", HERE, CONCORD, SPLINK, {"int_person_em": 4.26, "other": 1.0})
ALONE = replace(BOTH, data_set="crm_1m", splink=None, night=Night(1, 20.0, 80.0, 6.0, 30.0))


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_a_table_has_a_header_a_rule_and_rows() -> None:
    assert tables.markdown_table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_quality_has_one_row_a_system() -> None:
    rows = cells(tables.quality_table([BOTH, ALONE]))[2:]
    assert [row[:2] for row in rows] == [
        ["fake_1000", "Concord"],
        ["fake_1000", "Splink"],
        ["crm_1m", "Concord"],
    ]
    assert rows[0][2:] == ["0.9900", "0.9000", "0.9429", "0.9800", "0.8000", "0.8809", "9 of 7"]
    assert rows[1][3] == "0.8000"


def test_cost_has_ratios_of_concord_to_splink() -> None:
    both, alone = cells(tables.cost_table([BOTH, ALONE]))[2:]
    assert both[:6] == ["fake_1000", "1,000", "31.2", "24.0", "8.0", "3.00"]
    assert both[6:] == ["1,200", "600", "2.00", "-", "-"]
    assert alone[4:] == ["-", "-", "1,200", "-", "-", "20.0", "0.25"]


def test_blocking_has_pairs_a_record() -> None:
    row = cells(tables.blocking_table([BOTH]))[2]
    assert row == ["fake_1000", "1,000", "0.8500", "0.8500", "2.5", "9.0"]


def test_slowest_nodes_are_in_one_cell() -> None:
    row = cells(tables.slowest_table([BOTH]))[2]
    assert row == ["fake_1000", "int_person_em 4.3, other 1.0"]


@pytest.mark.parametrize(("largest", "verdict"), [(14, "met"), (15, "missed")])
def test_a_moved_threshold_may_double_the_largest_entity(largest: int, verdict: str) -> None:
    shift = Shift("fake_1000", HERE, -4.0, replace(CONCORD, largest_cluster=largest))
    row = cells(tables.shift_table([shift]))[2]
    assert row[1] == "-4"
    assert row[4:] == [f"{largest} of 7", "14", verdict]


@pytest.mark.parametrize(
    ("figure", "is_least", "bound", "verdict"),
    [
        ("pair_precision", True, 0.98, "met"),
        ("pair_precision", True, 0.9801, "missed"),
        ("time_ratio", False, 3.0, "met"),
        ("time_ratio", False, 2.9, "missed"),
        ("pairs_a_record", False, 2.5, "met"),
        ("largest_ratio", False, 1.2, "missed"),
    ],
)
def test_targets(figure: str, *, is_least: bool, bound: float, verdict: str) -> None:
    (check,) = check_targets(BOTH, [Target("fake_1000", figure, is_least, bound)])
    assert check.verdict == verdict


def test_a_ratio_without_splink_is_not_measured() -> None:
    (check,) = check_targets(ALONE, [Target("crm_1m", "time_ratio", is_least=False, bound=2)])
    assert check.verdict == "not measured"


@pytest.mark.parametrize(("bound", "verdict"), [(0.2, "met"), (0.19, "missed")])
def test_a_night_has_targets_of_its_own(bound: float, verdict: str) -> None:
    target = Target("crm_1m", "night_matching_ratio", is_least=False, bound=bound)
    (check,) = check_targets(ALONE, [target])
    assert check.verdict == verdict


def test_targets_of_other_data_sets_do_not_count() -> None:
    assert check_targets(BOTH, [Target("crm_1m", "b3_f1", is_least=True, bound=1)]) == []


def test_every_cell_of_the_target_file_is_a_bound() -> None:
    targets = read_targets()
    assert Target("crm_1m", "peak_mb", is_least=False, bound=6000) in targets
    assert Target("febrl4", "b3_f1", is_least=True, bound=0.9998) in targets
    assert {target.figure for target in targets} == set(tables.FIGURE_NAMES)


def test_the_target_table_says_what_is_missed() -> None:
    targets = [
        Target("fake_1000", "b3_f1", is_least=True, bound=0.95),
        Target("fake_1000", "peak_mb", is_least=False, bound=6000),
    ]
    assert cells(tables.target_table([BOTH], targets))[2:] == [
        ["fake_1000", "B3 F1", "at least 0.95", "0.9429", "missed"],
        ["fake_1000", "peak MB", "at most 6000", "1,200", "met"],
    ]


def test_results_come_back_as_they_were_stored(tmp_path: Path) -> None:
    results = Results({"fake_1000": BOTH, "crm_1m": ALONE}, {"x": Shift("x", HERE, -4.0, SPLINK)})
    write_results(tmp_path / "new" / "results.json", results)
    assert read_results(tmp_path / "new" / "results.json") == results
    assert read_results(tmp_path / "none.json") == Results()


def test_the_document_has_all_that_is_stored_in_a_fixed_order() -> None:
    results = Results({"crm_1m": ALONE, "fake_1000": BOTH})
    text = render(results, read_targets())
    assert text.index("| fake_1000 |") < text.index("| crm_1m |")
    assert "- fake_1000, crm_1m: 2026-01-31, `make bench`, medians of 3 runs, 2 cores" in text
    assert "Concord abc1234" in text
    assert "## With the wrong threshold" not in text
    assert text.endswith("\n")
    shifted = replace(results, shifts={"fake_1000": Shift("fake_1000", HERE, -4.0, CONCORD)})
    text = render(shifted, read_targets())
    assert "## With the wrong threshold" in text
    assert "- fake_1000, crm_1m, fake_1000 (threshold moved): 2026-01-31" in text


def test_a_document_that_would_lose_a_data_set_is_noticed() -> None:
    document = render(Results({"crm_1m": ALONE, "fake_1000": BOTH}), [])
    assert lost_data_sets(document, ["fake_1000"]) == ["crm_1m"]
    assert lost_data_sets(document, ["fake_1000", "crm_1m"]) == []
    assert lost_data_sets("", []) == []


def test_circumstances_are_told_once() -> None:
    later = replace(HERE, day="2026-02-01", repetitions=1)
    lines = circumstance_lines([("a", HERE), ("b", later), ("c", HERE)])
    assert [line.split(":")[0] for line in lines] == ["a, c", "b"]
    assert "one run" in lines[1]


def test_unknown_data_sets_come_last() -> None:
    assert in_order(["zoo", "crm_1m", "fake_1000"]) == ["fake_1000", "crm_1m", "zoo"]


@pytest.mark.parametrize(
    ("arguments", "has_data", "text"),
    [
        ([], False, "make bench"),
        (["fake_1000", "--write"], False, 'make bench ARGS="fake_1000 --write"'),
        (["--data", "some/x", "--write"], True, 'BENCH_DATA=FOLDER make bench ARGS="--write"'),
        (["--data=some/x"], True, "BENCH_DATA=FOLDER make bench"),
        (["--accept-shift", "-4"], False, 'make bench ARGS="--accept-shift -4"'),
    ],
)
def test_the_command_names_no_folder(arguments: list[str], has_data: bool, text: str) -> None:
    assert command_text(arguments, has_data=has_data) == text
