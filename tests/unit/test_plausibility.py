"""Which results `concord resolve` calls doubtful."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest

from orchestrator.resolve.match_export import ExpectedQuality, ResultSize
from orchestrator.resolve.plausibility import find_doubts

EXPECTED = ExpectedQuality(0.99, 0.95, 1.0, 0.9, 0.8, 0.95)


def doubts(
    size: tuple[int, int, int], *counts: tuple[str, str, int, int], entity: str = "person"
) -> tuple[str, ...]:
    """Return the doubts about records, clusters and the largest one, and counts of checks."""
    records, clusters, largest = size
    connection = MagicMock()
    names = ("fault", "check_name", "n_implausible", "n_checked")
    connection.query.return_value = [dict(zip(names, row, strict=True)) for row in counts]
    return find_doubts(connection, entity, ResultSize(records, 1, clusters, largest, EXPECTED))


def test_a_usual_result_is_not_doubtful() -> None:
    usual = ("crowded", "given_names", 2, 20), ("torn", "name_and_email", 0, 400)
    assert doubts((1000, 600, 5), *usual) == ()


@pytest.mark.parametrize(
    ("size", "told"),
    [((20, 20, 1), "No two records were joined."), ((40, 20, 21), "One cluster has 52% of all")],
)
def test_nothing_and_nearly_everything_joined_is_said(
    size: tuple[int, int, int], told: str
) -> None:
    (doubt,) = doubts(size)
    assert doubt.startswith(told)


@pytest.mark.parametrize("size", [(19, 19, 1), (19, 1, 19), (40, 20, 20)])
def test_few_records_and_half_of_them_are_no_doubt(size: tuple[int, int, int]) -> None:
    assert doubts(size) == ()


def test_more_than_a_tenth_is_said_with_its_numbers() -> None:
    found = doubts(
        (1000, 600, 5),
        ("crowded", "birth_years", 3, 20),
        ("torn", "name_and_phone", 201, 2000),
        ("torn", "name_and_email", 19, 19),
        ("torn", "name_and_address", 2, 20),
    )
    assert found == (
        "3 of 20 clusters have more than three years of birth: perhaps too much was joined.",
        (
            "201 of 2,000 times records with one name and phone number are in two clusters:"
            " perhaps too little was joined."
        ),
    )
