"""Creates the tables of `concord_ops` that dbt reads; the run log makes its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.ensure import ensure_columns, ensure_dataset, ensure_tables
from orchestrator.sources.source_schemas import read_own_tables

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

ENTITY_LEDGER: Final = "entity_ledger"
DECISIONS: Final = "decisions"
FREQUENCIES: Final = "match_model_frequencies"
RUN_LOG: Final = frozenset({"pipeline_runs", "node_results"})


def ensure_own_tables(connection: Connection) -> None:
    """Create the dataset and the tables, empty, and columns that an older version did not have."""
    from google.cloud.bigquery import Table

    dataset = connection.settings.ops_dataset
    ensure_dataset(connection, dataset)
    wanted = []
    for declared in read_own_tables(connection.settings.project_dir):
        if declared.name not in RUN_LOG:
            table = Table(connection.table_id(dataset, declared.name), schema=declared.schema())
            table.clustering_fields = list(declared.clustered_by) or None
            wanted.append(table)
    present = connection.table_names(dataset)
    ensure_tables(connection, dataset, wanted)
    for table in wanted:
        if table.table_id in present:
            there = connection.client.get_table(table.reference)
            ensure_columns(connection, there, table.schema)
