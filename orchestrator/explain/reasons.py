"""Why two records are one entity, or why not: from what the matching knows, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.explain.pair import Constraint, Key, Pair, Part

# A weight nearer to 0 says nothing.
LEAST_WEIGHT: Final = 0.05
MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its name for programs, the words, and what somebody can do about it."""

    code: str
    text: str
    what_to_do: str = ""


def reasons(pair: Pair) -> tuple[Reason, ...]:
    """Return why the two are together or apart, the deciding reason first."""
    return tuple(_together(pair) if pair.is_joined else _apart(pair))


def _together(pair: Pair) -> Iterator[Reason]:
    if any(constraint.is_bond for constraint in pair.constraints):
        yield Reason(
            "decision", "Somebody decided that they are the same.", "see decision_audit for who"
        )
    if pair.is_copy:
        yield Reason("copies", "They say exactly the same, and that is enough to be one.")
    elif pair.match_weight > pair.accept_weight:
        yield Reason(
            "evidence",
            f"The pair weighs {pair.match_weight:+.1f} bits, above {pair.accept_weight:g}.",
        )
    else:
        yield Reason(
            "through_others",
            f"The pair alone weighs {pair.match_weight:+.1f} bits, not above "
            f"{pair.accept_weight:g}; other records of the entity, or a link of a source, hold "
            "both.",
            f"'concord show {pair.left.entity_id}' has the strongest link of each record",
        )


def _apart(pair: Pair) -> Iterator[Reason]:
    if pair.left.cluster_id == pair.right.cluster_id:
        yield Reason(
            "old_marts",
            "They are in one cluster: the marts are older than the matching.",
            "build 'person_clusters+' and 'company_clusters+'",
        )
        return
    for constraint in pair.constraints:
        if not constraint.is_bond:
            yield _constrained(constraint)
    yield from _forbidden(pair)
    if pair.is_copy:
        yield Reason(
            "bare_copies",
            f"They say exactly the same, but so little that it could be true of two: no address, "
            f"number or identifier, and {pair.match_weight:+.1f} bits.",
            "give one of them more values; nothing can be said of two bare names",
        )
        return
    if not pair.is_scored:
        yield from _not_compared(pair)
    yield from _weighed(pair)


def _constrained(constraint: Constraint) -> Reason:
    if constraint.verdict is None:
        return Reason(
            "hard_conflict",
            f"Conflict {constraint.constraint_name}: one side has {constraint.left_values}, the "
            f"other {constraint.right_values}, and nobody has both.",
            "the seed hard_conflicts switches conflicts on and off",
        )
    who = f" by {constraint.decided_by}" if constraint.decided_by else ""
    when = f" on {constraint.decided_at:%Y-%m-%d}" if constraint.decided_at else ""
    why = f": {constraint.decision_reason}" if constraint.decision_reason else ""
    return Reason(
        "decision",
        f"It was decided{who}{when} that they, or others of their entities, are "
        f"{constraint.verdict}{why}.",
        "a newer decision about the same two replaces it: 'concord decide'",
    )


def _forbidden(pair: Pair) -> Iterator[Reason]:
    source = pair.left.exclusive_source
    if source is not None and source == pair.right.exclusive_source and not pair.is_copy:
        yield Reason(
            "same_exclusive_source",
            f"Both are of {source}, which is declared free of duplicates.",
            "the seed duplicate_free_sources declares it",
        )
    elif pair.shared_exclusive_sources:
        yield Reason(
            "exclusive_source_of_clusters",
            f"Each has a record of {pair.shared_exclusive_sources} in its entity, and that is "
            "declared free of duplicates.",
            "the seed duplicate_free_sources declares it",
        )


def _not_compared(pair: Pair) -> Iterator[Reason]:
    common = [key for key in pair.keys if key.is_common]
    left_out = [key for key in common if key.is_oversized]
    if left_out:
        for key in left_out[:MOST_NAMED]:
            yield Reason(
                "key_left_out",
                f"They share the key '{key.key}' of the rule {key.rule}, but {key.n_records:,} "
                f"records do, more than {key.max_records:,}: {_refined(key)}.",
                f"a larger max_records of {key.rule} in the seed {pair.entity}_blocking_rules",
            )
    elif not common:
        yield Reason(
            "no_common_key",
            "No blocking rule brought them together, so nobody compared them. "
            f"{_keys_of(pair, 'left')} {_keys_of(pair, 'right')}",
            "docs/develop/add-a-blocking-rule.md adds a rule",
        )


def _weighed(pair: Pair) -> Iterator[Reason]:
    weight, accept = pair.match_weight, pair.accept_weight
    if weight <= accept:
        against = sorted(filter(_speaks_against, pair.waterfall), key=lambda part: part.weight)
        named = ", ".join(
            f"{part.comparison} {part.label} {part.weight:+.1f}" for part in against[:MOST_NAMED]
        )
        yield Reason(
            "evidence_against" if named else "too_little_evidence",
            f"The pair weighs {weight:+.1f} bits, and more than {accept:g} are needed"
            + (f"; against it: {named}." if named else ": what they share is too common."),
            "another value, or another level or weight: the waterfall shows them",
        )
    elif pair.mean_weight is not None and pair.mean_weight <= accept:
        yield Reason(
            "outvoted",
            f"The pair weighs {weight:+.1f} bits, but their entities have "
            f"{pair.left.n_records} and {pair.right.n_records} records, and the mean over all "
            f"pairs between them is {pair.mean_weight:+.1f}.",
            "look at the other records of both: 'concord show'",
        )
    elif pair.is_scored and not (pair.shared_exclusive_sources or pair.constraints):
        yield Reason(
            "not_settled",
            f"The pair weighs {weight:+.1f} bits and nothing forbids: the clustering stopped at "
            "its last round.",
            "the test assert_iterations_are_settled says so",
        )


def _speaks_against(part: Part) -> bool:
    return part.comparison != "prior" and part.weight < -LEAST_WEIGHT


def _refined(key: Key) -> str:
    if key.left_refinement is None or key.right_refinement is None:
        return "it was refined, and a side has nothing to refine it by"
    if key.left_refinement != key.right_refinement:
        return f"it was refined by '{key.left_refinement}' and '{key.right_refinement}'"
    return "refined, it was still too large and was left out"


def _keys_of(pair: Pair, side: str) -> str:
    is_left = side == "left"
    record = pair.left if is_left else pair.right
    rules = sorted({key.rule for key in pair.keys if (key.has_left if is_left else key.has_right)})
    if not rules:
        return f"{record.record_id} has no key at all."
    return f"{record.record_id} has keys of {', '.join(rules)}."
