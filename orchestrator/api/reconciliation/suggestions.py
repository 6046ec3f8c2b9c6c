"""What is offered while somebody types in OpenRefine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.api.reconciliation.extension import current_row
from orchestrator.api.reconciliation.matching import described, entity_rows
from orchestrator.api.reconciliation.properties import (
    TYPE_OF,
    TYPES,
    properties_of,
    type_document,
)
from orchestrator.api.reconciliation.queries import CONCORD_ID
from orchestrator.serving.search import search_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.serving.snapshot import Row, Snapshot

AT_ONCE: Final = 20
DESCRIPTIONS: Final = {"Person": "A person, as Concord resolved it", "Company": "A company"}


def suggested_types(prefix: str) -> list[dict[str, Any]]:
    """Return the types that begin so."""
    return [
        {**type_document(TYPES[name]), "description": DESCRIPTIONS[name]}
        for name in TYPES
        if name.lower().startswith(prefix.lower())
    ]


def suggested_properties(prefix: str, type_id: str) -> list[dict[str, Any]]:
    """Return the properties of a type that begin so."""
    return [dict(one.document()) for one in properties_of(type_id, prefix)]


def suggested_entities(
    snapshot: Snapshot,
    prefix: str,
    type_id: str,
    skipped: int,
    shown: Callable[[list[Row]], list[Row]],
) -> list[dict[str, Any]]:
    """Return entities whose names begin so or sound alike; of an id, the one that has it."""
    entity = TYPES.get(type_id, "")
    if CONCORD_ID.fullmatch(prefix):
        found = current_row(snapshot, prefix)
        ids = [(found[0], str(found[1][f"{found[0]}_id"]))] if found else []
    else:
        hits = search_names(snapshot, prefix, entity, skipped + AT_ONCE)
        ids = [(hit.entity, hit.entity_id) for hit in hits]
    rows: dict[str, Row] = {}
    for kind in TYPE_OF:
        rows |= entity_rows(snapshot, kind, [name for of, name in ids if of == kind])
    wanted = ids[skipped : skipped + AT_ONCE]
    seen = shown([rows[name] for _, name in wanted])
    return [
        {
            "id": name,
            "name": row["display_name"] or name,
            "description": described(kind, rows[name], row),
            "notable": [type_document(kind)],
        }
        for (kind, name), row in zip(wanted, seen, strict=True)
    ]
