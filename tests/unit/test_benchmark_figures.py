"""Scores of small clusterings, computed by hand, and what is made of several runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.benchmarks.figures import Figures, figures_of, median_figures, median_seconds
from tests.benchmarks.measure import Measurement, measure
from tests.benchmarks.score import coverage, harmonic_mean, score

if TYPE_CHECKING:
    from pathlib import Path

# Entities of three, two and one records.
TRUTH = {"1": "a", "2": "a", "3": "a", "4": "b", "5": "b", "6": "c"}


def write_table(path: Path, header: str, rows: list[tuple[str, str]]) -> Path:
    lines = [header, *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return write_table(tmp_path / "truth.csv", "record_id,entity_id", list(TRUTH.items()))


def clusters(folder: Path, found: dict[str, str]) -> Path:
    return write_table(folder / "clusters.csv", "record_id,cluster_id", list(found.items()))


def test_scores_of_three_pairs_of_records(tmp_path: Path, truth: Path) -> None:
    found = {"1": "x", "2": "x", "3": "y", "4": "y", "5": "z", "6": "z"}
    scores = score(clusters(tmp_path, found), truth)
    assert scores.records == 6
    # 1 and 2 are alone with their own; each other record shares its cluster with a stranger.
    assert scores.b3_precision == pytest.approx((1 + 1 + 4 * 0.5) / 6)
    # 1 and 2 have found two of three, 3 one of three, 4 and 5 one of two, 6 all.
    assert scores.b3_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2 + 1) / 6)
    # One of the three pairs is right; four pairs are true.
    assert scores.pair_precision == pytest.approx(1 / 3)
    assert scores.pair_recall == pytest.approx(1 / 4)
    assert scores.pair_f1 == pytest.approx(2 / 7)
    assert (scores.largest_cluster, scores.largest_entity) == (2, 3)


def test_scores_of_the_truth_itself(tmp_path: Path, truth: Path) -> None:
    scores = score(clusters(tmp_path, TRUTH), truth)
    assert (scores.b3_f1, scores.pair_f1) == (1, 1)


def test_a_missing_record_is_a_cluster_of_its_own(tmp_path: Path, truth: Path) -> None:
    found = {"1": "x", "2": "x", "3": "x"}
    scores = score(clusters(tmp_path, found), truth)
    assert scores.b3_precision == 1
    assert scores.b3_recall == pytest.approx((3 + 1 / 2 + 1 / 2 + 1) / 6)
    assert scores.pair_recall == pytest.approx(3 / 4)


def test_nothing_joined_has_full_precision_and_no_recall(tmp_path: Path, truth: Path) -> None:
    scores = score(clusters(tmp_path, {record: record for record in TRUTH}), truth)
    assert (scores.pair_precision, scores.pair_recall, scores.pair_f1) == (1, 0, 0)


def test_everything_joined_is_one_large_cluster(tmp_path: Path, truth: Path) -> None:
    scores = score(clusters(tmp_path, dict.fromkeys(TRUTH, "x")), truth)
    assert scores.b3_precision == pytest.approx((3 * 3 + 2 * 2 + 1) / 36)
    assert scores.b3_recall == 1
    assert scores.pair_precision == pytest.approx(4 / 15)
    assert scores.largest_cluster == 6


def test_blocking_recall_counts_a_pair_once_in_any_order(tmp_path: Path, truth: Path) -> None:
    rows = [("1", "2"), ("2", "1"), ("3", "4"), ("6", "1")]
    pairs = write_table(tmp_path / "pairs.csv", "record_id_l,record_id_r", rows)
    found = coverage(pairs, truth)
    assert found.scored_pairs == 3
    assert found.blocking_recall == pytest.approx(1 / 4)


def test_blocking_recall_without_pairs_is_zero(tmp_path: Path, truth: Path) -> None:
    pairs = write_table(tmp_path / "pairs.csv", "record_id_l,record_id_r", [])
    assert coverage(pairs, truth).blocking_recall == 0


def test_blocking_finds_copies_and_the_pairs_of_all_of_them(tmp_path: Path, truth: Path) -> None:
    """2 is a copy of 1: found with it, and with 3 where 1 is. 6 stands for 5, a stranger."""
    pairs = write_table(tmp_path / "pairs.csv", "record_id_l,record_id_r", [("1", "3"), ("4", "6")])
    header = "record_id,cluster_id,distinct_record_id"
    rows = ["1,x,1", "2,x,1", "3,x,3", "4,y,4", "5,y,6", "6,y,6"]
    path = tmp_path / "clusters.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    found = coverage(pairs, truth, path)
    assert found.scored_pairs == 2
    assert found.blocking_recall == 1


def test_harmonic_mean() -> None:
    assert harmonic_mean(0.5, 1) == pytest.approx(2 / 3)
    assert harmonic_mean(0, 0) == 0


def test_figures_come_from_the_folder_of_results(tmp_path: Path, truth: Path) -> None:
    with duckdb.connect() as connection:
        for name, query in (
            ("clusters", "select '1' as record_id, 'x' as cluster_id union all select '2', 'x'"),
            ("pairs", "select '1' as record_id_l, '2' as record_id_r"),
        ):
            connection.execute(f"copy ({query}) to '{tmp_path / name}.parquet' (format parquet)")
    figures = figures_of(tmp_path, truth, Measurement(9.0, 500.0, ""), 4.0)
    assert (figures.command_seconds, figures.matching_seconds, figures.peak_mb) == (9, 4, 500)
    assert figures.blocking_recall == pytest.approx(1 / 4)
    assert figures.pairs_a_record == pytest.approx(1 / 6)
    assert figures.largest_ratio == pytest.approx(2 / 3)


def run(*, seconds: float, largest: int = 3) -> Figures:
    return Figures(
        records=10,
        b3_precision=1.0,
        b3_recall=0.5,
        pair_precision=1.0,
        pair_recall=0.25,
        largest_cluster=largest,
        largest_entity=3,
        scored_pairs=20,
        blocking_recall=0.5,
        command_seconds=seconds + 5,
        matching_seconds=seconds,
        peak_mb=100 * seconds,
    )


def test_medians_leave_an_outlier_out() -> None:
    middle = median_figures([run(seconds=2), run(seconds=90), run(seconds=3)])
    assert (middle.matching_seconds, middle.command_seconds, middle.peak_mb) == (3, 8, 300)
    assert middle.records == 10
    assert middle.b3_f1 == pytest.approx(2 / 3)


def test_of_two_runs_the_time_is_the_mean_and_the_cluster_the_larger_one() -> None:
    middle = median_figures([run(seconds=2, largest=3), run(seconds=4, largest=8)])
    assert middle.matching_seconds == 3
    assert middle.largest_cluster == 8


def test_nodes_are_sorted_by_their_median() -> None:
    runs = [
        {"slow": 9.0, "quick": 1.0, "odd": 50.0},
        {"slow": 7.0, "quick": 2.0},
        {"slow": 8.0, "quick": 1.5},
    ]
    assert list(median_seconds(runs).items()) == [("slow", 8.0), ("quick", 1.5)]


def test_a_command_gets_its_variables_and_is_measured(tmp_path: Path) -> None:
    measured = measure(["sh", "-c", "echo $SHAPE; sleep 0.2"], tmp_path, {"SHAPE": "round"})
    assert measured.output == "round\n"
    assert measured.seconds >= 0.2
    assert measured.peak_mb > 0
