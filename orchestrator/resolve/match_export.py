"""Writes the clusters and the scored pairs of an entity to Parquet files."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.ensure import ensure_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

CLUSTERS_FILE: Final = "clusters.parquet"
PAIRS_FILE: Final = "pairs.parquet"
WEIGHT_PREFIX: Final = "weight_"


@dataclass(frozen=True, slots=True)
class ExpectedQuality:
    """What the model expects of its own result; None where there is nothing to say."""

    precision: float | None
    precision_lower: float | None
    precision_upper: float | None
    recall: float | None
    recall_lower: float | None
    recall_upper: float | None


@dataclass(frozen=True, slots=True)
class ResultSize:
    """How large the result is."""

    clustered_records: int
    pairs: int
    clusters: int
    largest_cluster: int
    expected: ExpectedQuality


def export_matches(
    connection: Connection, entity: str, id_prefix: str, folder: Path, *, with_sources: bool
) -> ResultSize:
    """Write both files into an existing folder, with the ids that the rows have in their file.

    A record id is `id_prefix`, the source system, a colon and the file's own id. Two files may have
    the same ids: `with_sources` writes the source systems too.
    """

    def own(column: str, source_column: str) -> str:
        own_id = _own_id(column, id_prefix)
        if not with_sources:
            return own_id
        return f"{own_id}, {_own_source(column, id_prefix)} as {source_column}"

    dataset = f"{connection.settings.dataset}_matching"
    clusters = connection.table_id(dataset, f"{entity}_clusters")
    pairs = connection.table_id(dataset, f"{entity}_pairs")
    quality = connection.table_id(dataset, f"int_{entity}_expected_quality")
    figures = _figures(connection, clusters, pairs, quality)
    export_query(
        connection,
        f"select {own('record_id', 'source_system')}, cluster_id,"
        f" {_own_id('distinct_record_id', id_prefix)} from `{clusters}`",
        folder / CLUSTERS_FILE,
    )
    columns = ", ".join(
        [
            own("record_id_l", "source_system_l"),
            own("record_id_r", "source_system_r"),
            *("match_weight", "match_probability", *weight_columns(connection, pairs)),
        ]
    )
    export_query(connection, f"select {columns} from `{pairs}`", folder / PAIRS_FILE)
    return figures


def _own_id(column: str, id_prefix: str) -> str:
    # The source system's name has no colon: the models escape it.
    rest = f"substr({column}, {len(id_prefix) + 1})"
    return f"substr({rest}, strpos({rest}, ':') + 1) as {column}"


def _own_source(column: str, id_prefix: str) -> str:
    # Escaped as the macro `file_record_id` does it.
    source = f"split(substr({column}, {len(id_prefix) + 1}), ':')[safe_offset(0)]"
    return f"replace(replace({source}, '%3A', ':'), '%25', '%')"


def _figures(connection: Connection, clusters: str, pairs: str, quality: str) -> ResultSize:
    sql = f"""
        with sizes as (
            select cluster_id, count(*) as size from `{clusters}` group by cluster_id
        )

        select
            cast(coalesce(sum(size), 0) as int64) as records,
            count(*) as clusters,
            coalesce(max(size), 0) as largest,
            (select count(*) from `{pairs}`) as pairs,
        from sizes
    """
    row = next(iter(connection.query(sql)))
    names = [field.name for field in fields(ExpectedQuality)]
    shares = ", ".join(f"max(expected_{name}) as {name}" for name in names)
    (expected,) = (
        ExpectedQuality(*(found[name] for name in names))
        for found in connection.query(f"select {shares} from `{quality}`")
    )
    return ResultSize(row["records"], row["pairs"], row["clusters"], row["largest"], expected)


def weight_columns(connection: Connection, pairs: str) -> list[str]:
    """Return the columns of a table of scored pairs that hold the weight of one comparison."""
    fields = connection.client.get_table(pairs).schema
    return [field.name for field in fields if field.name.startswith(WEIGHT_PREFIX)]


def export_query(connection: Connection, sql: str, path: Path) -> None:
    """Write what a query gives to a Parquet file."""
    dataset = f"{connection.settings.dataset}_export"
    ensure_dataset(connection, dataset)
    table_id = connection.table_id(dataset, path.stem)
    connection.query(f"create or replace table `{table_id}` as {sql}")
    if connection.settings.is_local:
        _extract(connection, table_id, path)
    else:
        _download(connection, table_id, path)
    connection.client.delete_table(table_id, not_found_ok=True)


def _extract(connection: Connection, table_id: str, path: Path) -> None:
    # The local warehouse writes the file itself: 20 million rows take seconds.
    from google.cloud.bigquery import DestinationFormat, ExtractJobConfig

    job_config = ExtractJobConfig(destination_format=DestinationFormat.PARQUET)
    connection.client.extract_table(
        table_id, f"file://{path.resolve()}", job_config=job_config
    ).result()


def _download(connection: Connection, table_id: str, path: Path) -> None:
    from pyarrow import parquet

    # An empty table gives no batch; its schema is known all the same.
    empty = connection.client.list_rows(table_id, max_results=0).to_arrow()
    with parquet.ParquetWriter(path, empty.schema) as writer:
        for batch in connection.record_batches(table_id):
            writer.write_batch(batch)
