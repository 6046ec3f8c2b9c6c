"""Every reason for which two records are one entity or two, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from orchestrator.explain.find import Meant
from orchestrator.explain.pair import Constraint, Key, Pair, Part, Side, read_pair
from orchestrator.explain.reasons import reasons
from orchestrator.explain.words import pair_lines

PRIOR: Final = Part("prior", None, "two records taken at random", None, None, -8.0)
NAME: Final = Part("given_name", 0, "different", "ann", "bob", -4.0)
MAIL: Final = Part("email", 4, "exact", "a@example.org", "a@example.org", 14.0)
LEFT: Final = Side("crm:contact:1", "crm:contact:1", "crm:contact:1", "per_1", 1, None)
RIGHT: Final = Side("web:lead:2", "web:lead:2", "web:lead:2", "per_2", 1, None)
DECIDED: Final = Constraint(
    *("decision:d1", "left", "right", "different", "ann@example.org"),
    decided_at=datetime(2026, 3, 1, tzinfo=UTC),
    decision_reason="father and son",
)
CONFLICT: Final = Constraint("suffix", "jr", "sr", None, None, None, None)
BOND: Final = Constraint("same", None, None, None, None, None, None)


def key(rule: str = "email", **changes: Any) -> Key:  # noqa: ANN401 - values of any field
    """Return a key that both have and that brought them together."""
    both = Key(rule, "a@example.org", True, True, "lee", "lee", 2, 200, False, True)
    return replace(both, **changes)


def pair(**changes: Any) -> Pair:  # noqa: ANN401 - values of any field
    """Return a pair that was compared, weighs too little, and is apart."""
    compared = Pair(
        entity="person",
        left=LEFT,
        right=RIGHT,
        match_weight=-2.5,
        is_scored=True,
        accept_weight=0.0,
        mean_weight=None,
        n_hard_links=0,
        shared_exclusive_sources=None,
        waterfall=(PRIOR, NAME, MAIL),
        keys=(key(),),
    )
    return replace(compared, **changes)


IN_ONE: Final = replace(RIGHT, entity_id="per_1", cluster_id="crm:contact:1")
CRM: Final = replace(LEFT, exclusive_source="crm")
LARGE: Final = key(is_oversized=True, n_records=900, is_shared_block=False)
OWN: Final = (key(has_right=False), key("phone", has_left=False))


@pytest.mark.parametrize(
    ("known", "codes", "words"),
    [
        (pair(), ["evidence_against"], "against it: given_name different -4.0"),
        (pair(waterfall=(PRIOR, MAIL)), ["too_little_evidence"], "too common"),
        (pair(match_weight=3.0, mean_weight=-0.5), ["outvoted"], "is -0.5"),
        (pair(match_weight=3.0, mean_weight=0.5), ["not_settled"], "last round"),
        (
            pair(left=CRM, right=replace(RIGHT, exclusive_source="crm"), is_scored=False, keys=()),
            ["same_exclusive_source", "no_common_key", "evidence_against"],
            "declared free of duplicates",
        ),
        (
            pair(match_weight=3.0, mean_weight=1.0, shared_exclusive_sources="hubspot"),
            ["exclusive_source_of_clusters"],
            "a record of hubspot",
        ),
        (
            pair(is_scored=False, keys=OWN),
            ["no_common_key", "evidence_against"],
            "crm:contact:1 has keys of email. web:lead:2 has keys of phone.",
        ),
        (
            pair(is_scored=False, keys=()),
            ["no_common_key", "evidence_against"],
            "crm:contact:1 has no key at all.",
        ),
        (
            pair(is_scored=False, keys=(LARGE,)),
            ["key_left_out", "evidence_against"],
            "'a@example.org' of the rule email, but 900 records do, more than 200",
        ),
        (
            pair(is_scored=False, keys=(replace(LARGE, right_refinement="ray"),)),
            ["key_left_out", "evidence_against"],
            "refined by 'lee' and 'ray'",
        ),
        (
            pair(is_scored=False, keys=(replace(LARGE, right_refinement=None),)),
            ["key_left_out", "evidence_against"],
            "nothing to refine it by",
        ),
        (
            pair(match_weight=9.0, mean_weight=9.0, constraints=(DECIDED,)),
            ["decision"],
            "of their entities, are different: father and son",
        ),
        (
            pair(match_weight=9.0, mean_weight=9.0, constraints=(CONFLICT,)),
            ["hard_conflict"],
            "one side has jr, the other sr",
        ),
        (
            pair(right=replace(RIGHT, distinct_record_id="crm:contact:1")),
            ["bare_copies"],
            "exactly the same, but so little",
        ),
        (
            pair(right=replace(RIGHT, cluster_id="crm:contact:1")),
            ["old_marts"],
            "older than the matching",
        ),
        (pair(right=IN_ONE, match_weight=7.0), ["evidence"], "+7.0 bits, above 0"),
        (pair(right=IN_ONE), ["through_others"], "other records of the entity"),
        (
            pair(right=IN_ONE, constraints=(BOND,)),
            ["decision", "through_others"],
            "decided that they are the same",
        ),
        (
            pair(right=replace(IN_ONE, distinct_record_id="crm:contact:1")),
            ["copies"],
            "exactly the same, and that is enough",
        ),
    ],
)
def test_every_reason_has_its_words(known: Pair, codes: list[str], words: str) -> None:
    found = reasons(known)
    assert [reason.code for reason in found] == codes
    assert any(words in reason.text for reason in found)


def test_a_pair_reads_from_the_verdict_to_the_waterfall() -> None:
    known = pair(is_scored=False, keys=OWN)
    meant = (
        Meant("per_0", "person", "per_1", None, "per_0 was merged into per_1 on 2026-03-01"),
        Meant("web:lead:2", "person", "per_2", "web:lead:2"),
    )
    lines = list(pair_lines(known, meant, reasons(known)))
    assert lines[0] == "per_0 was merged into per_1 on 2026-03-01"
    assert lines[1] == "crm:contact:1 and web:lead:2: two"
    assert "  web:lead:2 is in per_2" in lines
    assert "Why not one" in lines
    assert any("computed now" in line for line in lines)
    assert any("given_name" in line and "-4.0" in line and "--" in line for line in lines)
    assert any(line.strip() == "ann | bob" for line in lines)
    assert lines[-1].split()[:2] == ["sum", "-2.5"]


class FakeStatements:
    """Answers as the warehouse does; the waterfall has the sides in the order of their ids."""

    def rows(self, analysis: str, **values: str) -> list[dict[str, Any]]:
        assert values == {"left": "web:lead:2", "right": "crm:contact:1"}
        if analysis.endswith("_facts"):
            sides = {
                f"{side}_{name}": value
                for side, record in (("left", RIGHT), ("right", LEFT))
                for name, value in (
                    ("record_id", record.record_id),
                    ("distinct_record_id", record.distinct_record_id),
                    ("cluster_id", record.cluster_id),
                    ("entity_id", record.entity_id),
                    ("n_records", 1),
                    ("exclusive_source", None),
                )
            }
            common = {"shared_exclusive_sources": None, "n_hard_links": 0, "accept_weight": 0.0}
            return [sides | common | {"scored_weight": None, "mean_weight": None}]
        if analysis == "explain_pair":
            step = {"record_id_l": "crm:contact:1", "record_id_r": "web:lead:2", "step": 1}
            values_of = {"value_l": "ann", "value_r": "bob", "label": "different", "level": 0}
            of = {"match_weight": -4.0, "comparison": "given_name", "weight": -4.0}
            return [step | values_of | of]
        return []


def test_the_values_stand_on_the_sides_that_were_asked_for() -> None:
    left = Meant("web:lead:2", "person", "per_2", "web:lead:2")
    right = Meant("crm:contact:1", "person", "per_1", "crm:contact:1")
    known = read_pair(FakeStatements(), left, right)  # type: ignore[arg-type]
    (part,) = known.waterfall
    assert (part.value_l, part.value_r) == ("bob", "ann")
    assert not known.is_scored
