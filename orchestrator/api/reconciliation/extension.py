"""New columns for a spreadsheet: values of golden records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.api.problems import Refusal
from orchestrator.api.reconciliation.properties import PROPERTIES, type_document
from orchestrator.serving.lookup import checked_entity, golden, survivor

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.api.reconciliation.properties import EntityProperty
    from orchestrator.api.reconciliation.queries import ExtendQuery
    from orchestrator.serving.snapshot import Row, Snapshot

# Of a person with thousands of records too.
MOST_RECORDS: Final = 100
OF_RECORDS: Final = ("source_id", "record_id")
TIMES: Final = ("last_updated_at",)
LINKED: Final = "company"


def current_row(snapshot: Snapshot, entity_id: str) -> tuple[str, Row] | None:
    """Return kind and golden record of an id, also of a retired one that went over to another."""
    alias = survivor(snapshot, entity_id)
    current = str(alias["entity_id"]) if alias and alias["entity_id"] else entity_id
    for entity in ("person", "company"):
        row = golden(snapshot, entity, current)
        if row is not None:
            return entity, row
    return None


def extended(
    snapshot: Snapshot, asked: ExtendQuery, shown: Callable[[list[Row]], list[Row]]
) -> dict[str, Any]:
    """Return the values that are asked for; of an unknown id, and where there is none, no value."""
    chosen = [_known(name) for name in dict.fromkeys(one.id for one in asked.properties)]
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for entity_id in dict.fromkeys(asked.ids):
        found = current_row(snapshot, entity_id)
        values: dict[str, list[dict[str, Any]]] = {one.id: [] for one in chosen}
        if found is not None:
            entity, row = found
            (seen,) = shown([row])
            records = _records(snapshot, entity, row, shown) if _needs_records(chosen) else []
            for one in chosen:
                values[one.id] = _values(one, entity, seen, records)
        rows[entity_id] = values
    return {"meta": [_meta(one) for one in chosen], "rows": rows}


def _known(name: str) -> EntityProperty:
    if name not in PROPERTIES:
        raise Refusal("wrong_request", f"the properties are {', '.join(PROPERTIES)}")
    return PROPERTIES[name]


def _needs_records(chosen: list[EntityProperty]) -> bool:
    return any(one.id in OF_RECORDS for one in chosen)


def _records(
    snapshot: Snapshot, entity: str, row: Row, shown: Callable[[list[Row]], list[Row]]
) -> list[Row]:
    kind = checked_entity(entity)
    sql = f"where {kind}_id = ? order by record_id limit {MOST_RECORDS}"
    entity_id = str(row[f"{entity}_id"])
    return shown(snapshot.table(f"bridge_{kind}_records", sql, entity_id))


def _meta(one: EntityProperty) -> dict[str, Any]:
    meta: dict[str, Any] = {"id": one.id, "name": one.name}
    if one.id == LINKED:
        meta["type"] = type_document("company")
    return meta


def _values(one: EntityProperty, entity: str, row: Row, records: list[Row]) -> list[dict[str, Any]]:
    if entity not in one.entities:
        return []
    if one.id == "source_id":
        return [
            {"str": f"{record['source_system']}:{record['source_id']}"}
            for record in records
            if record["source_id"] is not None
        ]
    if one.id == "record_id":
        return [{"str": str(record["record_id"])} for record in records]
    if one.id == LINKED and row["company_id"]:
        # A matched cell, from which further columns can be made.
        name = row[one.column] or row["company_id"]
        return [{"id": str(row["company_id"]), "name": str(name)}]
    found = row[f"{entity}_id" if one.id == "entity_id" else one.column]
    values = found if isinstance(found, list) else [found]
    return [_typed(one, value) for value in values if value not in (None, "")]


def _typed(one: EntityProperty, value: Any) -> dict[str, Any]:  # noqa: ANN401 - of a cell
    if isinstance(value, int):
        return {"int": value}
    return {"date" if one.id in TIMES else "str": str(value)}
