"""What a row of a spreadsheet says, as what is looked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from orchestrator.api.problems import Refusal
from orchestrator.api.reconciliation.properties import COMPARED, PROPERTIES, TYPES
from orchestrator.api.reconciliation.queries import CONCORD_ID
from orchestrator.proposal.value_shapes import is_email, is_web, looks_dialled
from orchestrator.serving.lookup import CONTACTS, IDS, understood

if TYPE_CHECKING:
    from orchestrator.api.reconciliation.queries import ReconcileQuery

KEYS: Final = (*IDS, *CONTACTS)


@dataclass(frozen=True, slots=True)
class Sought:
    """One combination of values: keys by kind, a name, and what is compared beside it."""

    keys: dict[str, str] = field(default_factory=dict)
    name: str = ""
    company: str = ""
    city: str = ""
    country: str = ""


def kinds_asked(query: ReconcileQuery) -> tuple[str, ...]:
    """Return the kinds of entities that a query may mean; an entity is of one type alone.

    `should` is taken like `any`: OpenRefine sends it whenever somebody has chosen a type.
    """
    if not query.types:
        return tuple(TYPES.values())
    known = [TYPES[name] for name in query.types if name in TYPES]
    if query.type_strict == "all" and len(set(query.types)) > 1:
        return ()
    return tuple(dict.fromkeys(known))


def sought(query: ReconcileQuery, region: str) -> list[Sought]:
    """Return what to look for; where properties have several values, one of each at a time."""
    values = _values(query)
    n_combined = max((len(found) for found in values.values()), default=0)
    rows = [
        {name: found[min(number, len(found) - 1)] for name, found in values.items()}
        for number in range(n_combined)
    ]
    return [_combined(row, region) for row in rows]


def n_lookups(query: ReconcileQuery) -> int:
    """Return how many lookups a query costs: as many as there are combinations, at least one."""
    return max((1, *(len(found) for found in _values(query).values())))


def _combined(row: dict[str, str], region: str) -> Sought:
    parts = (row.get("given_name", ""), row.get("family_name", ""))
    keys = {kind: row[kind] for kind in KEYS if kind in row}
    return Sought(
        understood(keys, region),
        row.get("name") or " ".join(part for part in parts if part),
        *(row.get(name, "") for name in ("company", "city", "country")),
    )


def _values(query: ReconcileQuery) -> dict[str, list[str]]:
    """Return the values by what they are used as; the query itself stands first."""
    found: dict[str, list[str]] = {}
    text = " ".join(query.query.split())
    if text:
        found[kind_of_cell(text)] = [text]
    for one in query.properties:
        known = PROPERTIES.get(one.pid)
        if known is None or not known.asked_as:
            raise Refusal("wrong_request", f"`pid` is one of {', '.join(COMPARED)}")
        values = one.values()
        if values:
            kept = found.setdefault(known.asked_as, [])
            kept += [value for value in values if value not in kept]
    return found


def kind_of_cell(text: str) -> str:
    """Say what a text is looked for as: an id, a contact, or a name."""
    if CONCORD_ID.fullmatch(text):
        return "entity_id"
    if is_email(text):
        return "email"
    if looks_dialled(text):
        return "phone"
    return "domain" if is_web(text) else "name"
