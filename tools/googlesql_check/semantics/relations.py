"""Every relation of a project as the warehouse has it, with the types that Google gives it."""

from typing import NamedTuple

from tools.googlesql_check.catalog import Catalog
from tools.googlesql_check.dbt_nodes import RELATION_KINDS, DbtNode
from tools.googlesql_check.semantics.rows import Table
from tools.googlesql_check.semantics.warehouse import QueriedWarehouse, QueryFailed


class Relations(NamedTuple):
    """What was read, and what could not be."""

    # The warehouse's own types of the columns, by the node's id.
    types: dict[str, dict[str, str]]
    # Why a relation could not be read, by the node's id.
    unread: dict[str, str]
    # By the name as dbt writes it into SQL.
    tables: dict[str, Table]


def read_relations(
    nodes: list[DbtNode], catalog: Catalog, warehouse: QueriedWarehouse
) -> Relations:
    """Read all rows of all sources, seeds, snapshots and models."""
    found = Relations({}, {}, {})
    for node in nodes:
        if node.kind in RELATION_KINDS and node.materialized != "ephemeral":
            problem = _read(node, catalog, warehouse, found)
            if problem:
                found.unread[node.unique_id] = problem
    return found


def _read(node: DbtNode, catalog: Catalog, warehouse: QueriedWarehouse, found: Relations) -> str:
    """Add one relation; returns what hinders it."""
    columns = catalog.columns(node.relation)
    if columns is None:
        return "the types of its columns are unknown"
    try:
        result = warehouse.table(node.quoted)
    except QueryFailed as error:
        return str(error)
    missing = [column.name for column in columns if column.name not in result.types]
    if missing:
        return f"the warehouse lacks its columns {', '.join(missing)}"
    found.types[node.unique_id] = result.types
    found.tables[node.quoted] = Table(columns, result.rows)
    return ""
