"""The known truth about the records, kept in the warehouse beside the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.report.quality import measure

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.report.model import Quality
    from orchestrator.report.tables import Tables


def truth_table(entity: str) -> str:
    """Return the name of the truth's table in the demo layer."""
    return f"{entity}_truth"


def upload_truth(connection: Connection, entity: str, path: Path) -> None:
    """Replace the truth of an entity by the rows of a JSON-lines file."""
    from google.cloud.bigquery import SchemaField

    from orchestrator.bigquery.ensure import ensure_dataset
    from orchestrator.bigquery.upload import upload_ndjson

    schema = [
        SchemaField("record_id", "STRING"),
        SchemaField("entity_id", "STRING"),
        SchemaField("cases", "STRING", "REPEATED"),
    ]
    dataset = f"{connection.settings.dataset}_demo"
    ensure_dataset(connection, dataset)
    table_id = connection.table_id(dataset, truth_table(entity))
    upload_ndjson(connection, path, table_id, schema, replace=True)


def knows_truth(tables: Tables, entity: str) -> bool:
    """Say whether there is a truth about the records: that of an earlier demo says nothing."""
    if not tables.has("demo", truth_table(entity)):
        return False
    row = tables.row(f"""
        select count(*) as known
        from {tables.layer("demo", truth_table(entity))} as truth
        inner join {tables.layer("matching", f"{entity}_clusters")} as clusters
            on truth.record_id = clusters.record_id
    """)
    return bool(row["known"])


def compare_with_truth(tables: Tables, entity: str) -> Quality | None:
    """Score the clusters; a record that never reached them counts as an entity of its own."""
    rows = tables.rows(f"""
        select
            coalesce(clusters.cluster_id, concat('missing: ', truth.record_id)) as cluster_id,
            truth.entity_id,
        from {tables.layer("demo", truth_table(entity))} as truth
        left join {tables.layer("matching", f"{entity}_clusters")} as clusters
            on truth.record_id = clusters.record_id
    """)
    return measure([(row["cluster_id"], row["entity_id"]) for row in rows])
