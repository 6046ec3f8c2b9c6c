"""Explanations for people: lines that fit a terminal of 80 columns where the values do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.explain.entity import Entity
    from orchestrator.explain.find import Meant
    from orchestrator.explain.pair import Pair
    from orchestrator.explain.reasons import Reason

# A bar of the waterfall: so many signs for so many bits.
BITS_PER_SIGN: Final = 2.0
LONGEST_BAR: Final = 10
LONGEST_VALUE: Final = 40
NO_VALUE: Final = "-"


def pair_lines(pair: Pair, meant: tuple[Meant, Meant], why: tuple[Reason, ...]) -> Iterator[str]:
    """Write the verdict, the reasons, and the waterfall of a pair."""
    for one in meant:
        if one.notice:
            yield one.notice
    verdict = "one" if pair.is_joined else "two"
    yield f"{pair.left.record_id} and {pair.right.record_id}: {verdict}"
    if pair.is_joined:
        yield f"  both are {pair.left.entity_id}"
    else:
        for side in (pair.left, pair.right):
            yield f"  {side.record_id} is in {side.entity_id}"
    yield ""
    yield "Why" if pair.is_joined else "Why not one"
    for reason in why:
        yield f"  {reason.text}"
        if reason.what_to_do:
            yield f"    To change it: {reason.what_to_do}."
    yield ""
    yield from waterfall_lines(pair)


def waterfall_lines(pair: Pair) -> Iterator[str]:
    """Write one line per comparison, and the values below what they are of."""
    looked = "" if pair.is_scored else " (the matching never looked at it; computed now)"
    yield f"Weights in bits{looked}"
    width = max(len(part.comparison) for part in pair.waterfall)
    for part in pair.waterfall:
        yield f"  {part.comparison:<{width}} {part.weight:>+7.1f} {_bar(part.weight)}  {part.label}"
        if part.value_l is not None or part.value_r is not None:
            yield f"  {'':<{width}}           {_shown(part.value_l)} | {_shown(part.value_r)}"
    yield f"  {'sum':<{width}} {pair.match_weight:>+7.1f}  more than {pair.accept_weight:g} is one"


def entity_lines(found: Entity) -> Iterator[str]:
    """Write the golden record, the records, the weakest bridge, and the history."""
    if found.notice:
        yield found.notice
    yield f"{found.entity} {found.entity_id}"
    filled = {name: _text(value) for name, value in found.golden.items()}
    width = max((len(name) for name in filled), default=0)
    for name, text in filled.items():
        if text and name != f"{found.entity}_id":
            yield f"  {name:<{width}}  {text}"
    yield ""
    yield f"Records ({len(found.members)})"
    for member in found.members:
        yield f"  {member.record_id}"
        texts = (member.record_name, member.record_address, member.record_contacts)
        yield f"    {'; '.join(text for text in texts if text) or 'says nothing'}"
        yield f"    {member.why}"
    if found.bridge is not None:
        yield ""
        yield f"Weakest bridge: a mean of {found.bridge.mean_weight:+.1f} bits holds these"
        yield from (f"  {one}" for one in found.bridge.record_ids_of_one_side)
        yield "  to the others"
    yield ""
    yield "History" if found.history else "History: none yet; a run that is accepted begins it"
    for event in found.history:
        before, after = event.entity_id_before or "nothing", event.entity_id or "nothing"
        moved = "" if before == after else f", from {before} to {after}"
        cause = f" ({event.cause})" if event.cause else ""
        yield (
            f"  {event.happened_at:%Y-%m-%d %H:%M} {event.event}: {event.n_records} "
            f"{'record' if event.n_records == 1 else 'records'}{moved}{cause}"
        )


def _bar(weight: float) -> str:
    length = min(LONGEST_BAR, round(abs(weight) / BITS_PER_SIGN))
    return ("+" if weight > 0 else "-") * length or "."


def _shown(value: str | None) -> str:
    if value is None:
        return NO_VALUE
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 3]}..."


def _text(value: Any) -> str:  # noqa: ANN401 - a value of any column
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)
