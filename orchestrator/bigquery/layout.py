"""Makes room for a copy that is partitioned or clustered in another way than the table it replaces.

A copy job copies no partitioned table over one with other partitions, and what is not partitioned
stays so. Clusters can be changed in place; a table with other partitions is dropped, because
BigQuery has no other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from google.cloud.bigquery import Table
    from google.cloud.bigquery.table import TableListItem

    from orchestrator.bigquery.connect import Connection

# Column and unit of the partitions, and the columns of the clusters.
Layout: TypeAlias = "tuple[tuple[str, str] | None, tuple[str, ...]]"


def layout_of(table: Table | TableListItem) -> Layout:
    """Return how a table is laid out."""
    partitions = table.time_partitioning
    return (
        (partitions.field or "", partitions.type_) if partitions else None,
        tuple(table.clustering_fields or ()),
    )


def layouts(connection: Connection, dataset: str) -> dict[str, Layout]:
    """Return the layout of each table of a dataset; none where there is no such dataset."""
    from google.api_core.exceptions import NotFound

    where = dataset if "." in dataset else f"{connection.settings.project}.{dataset}"
    try:
        found = connection.client.list_tables(where)
        return {one.table_id: layout_of(one) for one in found if one.table_type == "TABLE"}
    except NotFound:
        return {}


def make_room(connection: Connection, source: str, target: str, *, may_drop: bool = True) -> None:
    """Let a copy of `source` replace `target`: give it the same clusters, or drop it."""
    from google.api_core.exceptions import NotFound

    client = connection.client
    try:
        there, wanted = client.get_table(target), client.get_table(source)
    except NotFound:
        return
    if there.table_type != "TABLE" or layout_of(there) == layout_of(wanted):
        return
    if layout_of(there)[0] != layout_of(wanted)[0]:
        if may_drop:
            client.delete_table(there)
    else:
        there.clustering_fields = wanted.clustering_fields
        client.update_table(there, ["clustering_fields"])
