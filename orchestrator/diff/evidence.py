"""Why an id changed: the pair of records that brought two together, or held them, in both builds.

A pair is known by the ids of its records, which are masked; of its comparisons only weights are
shown, no values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.models.examples import LEAST_WEIGHT, WEIGHT
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orchestrator.diff.read import ChangedId
    from orchestrator.models.sides import ComparedBuild, Sides

NO_PAIR: Final = (
    "no compared pair tells: a decision, a link of a source, or records that came or went"
)
GONE: Final = "none of its records is there any more"
MOST_COMPARISONS: Final = 3
Weights = dict[str, float | None]
# Ids of a record before and after.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DecidingPair:
    """The strongest pair between a record that changed its id and those it joined or left."""

    has_joined: bool
    left_id: str
    right_id: str

    @property
    def name(self) -> str:
        """Return its name in the statement that reads weights."""
        return f"{self.left_id} {self.right_id}"


def find_reasons(
    sides: Sides, states: str, entity: str, changes: Sequence[tuple[str, ChangedId]]
) -> dict[tuple[str, ChangedId], str]:
    """Return in words what made each change of an entity."""
    keys = {change: tuple(_keys_of(*change)) for change in changes}
    wanted = sorted({key for of_change in keys.values() for key in of_change})
    pairs = _deciding_pairs(sides, states, entity, wanted)
    old = _weights_of(sides, sides.old, entity, pairs.values())
    new = _weights_of(sides, sides.new, entity, pairs.values())
    return {
        change: next(
            (
                reason_text(pairs[key], old.get(pairs[key].name), new.get(pairs[key].name))
                for key in keys[change]
                if key in pairs
            ),
            GONE if change[0] == "gone" else NO_PAIR,
        )
        for change in changes
    }


def reason_text(pair: DecidingPair, old: Weights | None, new: Weights | None) -> str:
    """Say what became of a pair; a weight is in bits, None where a build did not compare them."""
    names = f"{redact(pair.left_id)} and {redact(pair.right_id)}"
    was, now = ((found or {}).get("match_weight") for found in (old, new))
    if was is None and now is None:
        return NO_PAIR
    if was is None:
        return f"{names} were not compared before: {now:+.1f} bits"
    if now is None:
        return f"{names} are not compared any more: {was:+.1f} bits before"
    if abs(now - was) < LEAST_WEIGHT:
        verb = "are together now" if pair.has_joined else "are apart now"
        return f"{names} {verb}, with {now:+.1f} bits as before: other pairs or a rule decide"
    return f"{names}: {was:+.1f} to {now:+.1f} bits{_comparisons(old or {}, new or {})}"


def _comparisons(old: Weights, new: Weights) -> str:
    """Name the comparisons that say something else, those first that changed most."""
    changed = {
        name.removeprefix(WEIGHT): (old.get(name) or 0.0, new.get(name) or 0.0)
        for name in sorted({*old, *new})
        if name.startswith(WEIGHT)
    }
    ordered = sorted(changed.items(), key=lambda one: -abs(one[1][1] - one[1][0]))
    told = [
        f"{name.replace('_', ' ')} {was:+.1f} to {now:+.1f}"
        for name, (was, now) in ordered[:MOST_COMPARISONS]
        if abs(now - was) >= LEAST_WEIGHT
    ]
    return f" ({', '.join(told)})" if told else ""


def _keys_of(kind: str, change: ChangedId) -> Iterable[Key]:
    """Return the ids, before and after, of the records that made a change."""
    for other in change.other_ids:
        yield (change.entity_id, other) if kind == "merged" else (other, change.entity_id)


def _deciding_pairs(
    sides: Sides, states: str, entity: str, keys: Sequence[Key]
) -> Mapping[Key, DecidingPair]:
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if not keys:
        return {}
    rows = sides.connection.query(
        deciding_pairs_sql(sides, states, entity),
        ScalarQueryParameter("entity", "STRING", entity),
        ArrayQueryParameter("keys", "STRING", [" ".join(key) for key in keys]),
    )
    return {
        (row["id_before"], row["id_after"]): DecidingPair(
            bool(row["has_joined"]), *sorted((row["record_id"], row["other_id"]))
        )
        for row in rows
    }


def deciding_pairs_sql(sides: Sides, states: str, entity: str) -> str:
    """Return the statement that finds the strongest pair of each change.

    Pairs that are together only now come first, then those that were together only before.
    """
    old, new = (sides.table(side, "matching", f"{entity}_pairs") for side in (sides.old, sides.new))
    return f"""{states},
        of_entity as (
            select record_id, id_before, id_after from compared where entity = @entity
        ),
        wanted as (
            select * from of_entity where concat(id_before, ' ', id_after) in unnest(@keys)
        ),
        old_pairs as ({_both_ways(old)}),
        new_pairs as ({_both_ways(new)}),
        deciding as (
            select wanted.*, true as has_joined, pairs.other_id, pairs.match_weight
            from wanted
            inner join new_pairs as pairs on wanted.record_id = pairs.record_id
            inner join of_entity as other on pairs.other_id = other.record_id
            where wanted.id_after = other.id_after and wanted.id_before != other.id_before
            union all
            select wanted.*, false as has_joined, pairs.other_id, pairs.match_weight
            from wanted
            inner join old_pairs as pairs on wanted.record_id = pairs.record_id
            inner join of_entity as other on pairs.other_id = other.record_id
            where wanted.id_before = other.id_before and wanted.id_after != other.id_after
        )
        select id_before, id_after, record_id, other_id, has_joined
        from deciding
        where true
        qualify row_number() over (
            partition by id_before, id_after
            order by has_joined desc, match_weight desc, record_id, other_id
        ) = 1
    """


def _both_ways(pairs: str) -> str:
    return f"""
            select record_id_l as record_id, record_id_r as other_id, match_weight from {pairs}
            union all
            select record_id_r as record_id, record_id_l as other_id, match_weight from {pairs}
        """


def _weights_of(
    sides: Sides, side: ComparedBuild, entity: str, pairs: Iterable[DecidingPair]
) -> dict[str, Weights]:
    """Return the weights of pairs in a build, by the name of the pair."""
    from google.cloud.bigquery import ArrayQueryParameter

    names = sorted({pair.name for pair in pairs})
    if not names:
        return {}
    columns = [
        column
        for column in sides.columns(side, "matching", f"{entity}_pairs")
        if column == "match_weight" or column.startswith(WEIGHT)
    ]
    rows = sides.connection.query(
        f"""
        select concat(record_id_l, ' ', record_id_r) as pair_name, {", ".join(columns)}
        from {sides.table(side, "matching", f"{entity}_pairs")}
        where concat(record_id_l, ' ', record_id_r) in unnest(@names)
        """,
        ArrayQueryParameter("names", "STRING", names),
    )
    return {row["pair_name"]: {column: row[column] for column in columns} for row in rows}
