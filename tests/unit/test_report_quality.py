"""Precision and recall against counting by hand."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.report.model import Quality, Score
from orchestrator.report.quality import measure

ASSIGNMENTS = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from("wxyz")), min_size=1, max_size=25
)


def measured(assignments: list[tuple[str, str]]) -> Quality:
    quality = measure(assignments)
    assert quality is not None
    return quality


def test_no_records() -> None:
    assert measure([]) is None


def test_perfect_answer() -> None:
    quality = measured([("A", "w"), ("A", "w"), ("B", "x")])
    assert quality.pairwise == quality.b_cubed == Score(1.0, 1.0)
    assert quality.pairwise.f1 == 1.0
    assert (quality.wrong_pairs, quality.missed_pairs) == (0, 0)


def test_everything_in_one_cluster() -> None:
    quality = measured([("A", "w"), ("A", "w"), ("A", "x"), ("A", "y")])
    assert quality.pairwise == Score(1 / 6, 1.0)
    assert quality.b_cubed.precision == pytest.approx((2 * 2 / 4 + 1 / 4 + 1 / 4) / 4)
    assert quality.wrong_pairs == 5


def test_nothing_joined() -> None:
    quality = measured([("A", "w"), ("B", "w"), ("C", "x")])
    assert quality.pairwise == Score(1.0, 0.0)
    assert quality.pairwise.f1 == 0.0
    assert quality.missed_pairs == 1


@given(ASSIGNMENTS)
def test_agrees_with_counting_every_pair(assignments: list[tuple[str, str]]) -> None:
    quality = measured(assignments)
    pairs = list(combinations(assignments, 2))
    found = sum(left[0] == right[0] for left, right in pairs)
    true = sum(left[1] == right[1] for left, right in pairs)
    right_ones = sum(left == right for left, right in pairs)
    assert quality.pairwise.precision == (right_ones / found if found else 1.0)
    assert quality.pairwise.recall == (right_ones / true if true else 1.0)
    assert quality.wrong_pairs == found - right_ones


@given(ASSIGNMENTS)
def test_b_cubed_agrees_with_its_definition(assignments: list[tuple[str, str]]) -> None:
    quality = measured(assignments)
    precisions, recalls = [], []
    for cluster, entity in assignments:
        together = sum(other == (cluster, entity) for other in assignments)
        precisions.append(together / sum(other[0] == cluster for other in assignments))
        recalls.append(together / sum(other[1] == entity for other in assignments))
    count = len(assignments)
    assert quality.b_cubed.precision == pytest.approx(sum(precisions) / count)
    assert quality.b_cubed.recall == pytest.approx(sum(recalls) / count)
