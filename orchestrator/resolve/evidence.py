"""What the files hold that tells one from another, and what would help most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

# By entity: what tells records apart, the most telling first -> its columns.
EVIDENCE: Final = {
    "person": {
        "e-mail address": ("emails",),
        "phone number": ("phones",),
        "date of birth": ("date_of_birth",),
        "name": ("full_name", "family_name", "given_name"),
        "street address": ("street",),
        "identifier": ("identifiers",),
        "employer": ("company_name", "company_domain"),
    },
    "company": {
        "web domain": ("domains", "emails"),
        "identifier": ("identifiers",),
        "phone number": ("phones",),
        "name": ("company_name",),
        "street address": ("street",),
    },
}
# Not every file has numbers that an authority gave out; nobody is told to go and find some.
NOT_ASKED_FOR: Final = frozenset({"identifier", "employer"})
# Less is as good as nothing.
LEAST_SHARE: Final = 0.01
FEW: Final = 0.2
MOST_NAMED: Final = 2


def filled_shares(connection: duckdb.DuckDBPyConnection, entity: str) -> dict[str, float]:
    """Return for each kind of evidence the share of the rows that were read that have it."""
    kinds = EVIDENCE[entity]
    has = {
        kind: " or ".join(f"coalesce(length({column}), 0) > 0" for column in columns)
        for kind, columns in kinds.items()
    }
    counts = ", ".join(f"avg(({condition})::int)" for condition in has.values())
    (row,) = connection.execute(f"select {counts} from mapped").fetchall()
    return dict(zip(kinds, row, strict=True))


def evidence_hints(shares: dict[str, float]) -> Iterator[str]:
    """Yield what the files lack, in words; nothing where there is enough."""
    present = [kind for kind, share in shares.items() if share >= LEAST_SHARE]
    if not present:
        yield "No column says who a record is: nothing can be joined. Does the mapping name them?"
        return
    if len(present) == 1:
        yield (
            f"Only the {present[0]} says who a record is. Nothing tells namesakes apart, or finds "
            "who has another one: hardly anything can be joined with confidence."
        )
    rare = [
        f"{kind} ({_how_many(share)})"
        for kind, share in shares.items()
        if share < FEW and kind not in NOT_ASKED_FOR
    ]
    if rare:
        yield f"What would help most: {' and '.join(rare[:MOST_NAMED])}."


def _how_many(share: float) -> str:
    return f"{share:.0%} of the rows have one" if share >= LEAST_SHARE else "hardly any row has one"
