"""The plain model of ids itself: small cases by hand, and the rounds against the order."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from tests.entities.plain_model import (
    Aliases,
    Place,
    changed_ids,
    happenings,
    kept_ids,
    kept_ids_in_rounds,
    replay,
)


def assigned(*entities: str) -> dict[str, str]:
    """Return record -> entity of texts like `P: a b c`."""
    return {
        record: name.strip()
        for name, _, records in (text.partition(":") for text in entities)
        for record in records.split()
    }


def placed(*entities: str, changed: str = "") -> dict[str, Place]:
    return {
        record: Place(entity, "new" if record in changed.split() else "old")
        for record, entity in assigned(*entities).items()
    }


@pytest.mark.parametrize(
    ("last", "clusters", "kept"),
    [
        (["P: a b"], ["x: a b"], {"x": "P"}),
        # The larger part keeps the id; of equal parts the first by name.
        (["P: a b c"], ["x: a", "y: b c"], {"y": "P"}),
        (["P: a b"], ["x: a", "y: b"], {"x": "P"}),
        # The larger entity goes on; of equal ones the older.
        (["P: a", "Q: b c"], ["x: a b c"], {"x": "Q"}),
        (["P: a", "Q: b"], ["x: a b"], {"x": "P"}),
        # What loses its best partner takes the second.
        (["P: a b c d", "Q: e"], ["x: a b", "y: c d e"], {"x": "P", "y": "Q"}),
        (["P: a b c d e", "Q: f"], ["x: a b c", "y: d e f"], {"x": "P", "y": "Q"}),
        (["P: a"], ["x: b"], {}),
    ],
)
def test_ids_go_to_the_best_that_is_free(
    last: list[str], clusters: list[str], kept: dict[str, str]
) -> None:
    for way in (kept_ids, kept_ids_in_rounds):
        assert way(assigned(*last), assigned(*clusters)) == kept


def test_rounds_of_mutual_best_and_the_order_of_all_pairs_are_one() -> None:
    chance = random.Random(11)  # noqa: S311 - nothing secret
    records = [f"r{number:02}" for number in range(14)]
    for _ in range(500):
        last, clusters = (
            {record: chance.choice("ABCDE") for record in records if chance.random() < 0.8}
            for _ in range(2)
        )
        assert kept_ids(last, clusters) == kept_ids_in_rounds(last, clusters)


@pytest.mark.parametrize(
    ("last", "tonight", "events"),
    [
        ([], ["P: a b"], {"a": "born", "b": "born"}),
        (["P: a"], ["P: a b"], {"b": "grew"}),
        (["P: a b"], ["P: a"], {"b": "shrank"}),
        (["P: a b"], [], {"a": "retired", "b": "retired"}),
        (["P: a", "Q: b"], ["P: a b"], {"b": "merged"}),
        (["P: a b"], ["P: a", "Q: b"], {"b": "split"}),
        (["P: a b", "Q: c"], ["P: a", "Q: b c"], {"b": "moved"}),
        # A new record beside one that has left: the entity is new, and so is the record.
        (["P: a b c"], ["P: a b", "Q: c d"], {"c": "split", "d": "born"}),
        # Of an entity that ended, one record went on elsewhere and one is gone.
        (["P: a", "Q: b c"], ["P: a b"], {"b": "merged", "c": "retired"}),
    ],
)
def test_what_happened_to_a_record_has_one_name(
    last: list[str], tonight: list[str], events: dict[str, str]
) -> None:
    before, after = placed(*last), placed(*tonight)
    found = happenings(before, after)
    assert {row.record_id: row.event for row in found} == events
    began = happenings({}, before)
    assert replay([*began, *found]) == after


def test_a_record_that_says_something_else_is_updated_and_an_unchanged_one_has_no_row() -> None:
    [row] = happenings(placed("P: a b"), placed("P: a b", changed="b"))
    assert (row.record_id, row.event, row.record_hash) == ("b", "updated", "new")


def test_a_retired_id_is_followed_to_the_end() -> None:
    nights = [
        assigned("P: a", "Q: b c", "R: d", "S: e"),
        assigned("Q: a b c", "R: d", "S: e"),
        assigned("Q: b", "R: a c d"),
        assigned("R: a c d b"),
    ]
    aliases = Aliases()
    for last, tonight in pairwise(nights):
        aliases.add(last, tonight)
    assert aliases.all() == {"P": "R", "Q": "R", "S": None}
    assert changed_ids(nights[1], nights[2]) == {"a", "c"}
