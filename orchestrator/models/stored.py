"""The versions of the matching model that `concord_ops` keeps, and which of them is promoted.

Rows are only added, by one statement each that adds nothing when it is repeated: a version that is
known stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import ConfigurationError, did_you_mean
from orchestrator.sources.own_tables import FREQUENCIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection

MODELS: Final = "match_models"
PROMOTIONS: Final = "match_model_promotions"
ENTITIES: Final = ("person", "company")


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version; the figures are those of its training. F1 is what the model itself expects."""

    version: str
    trained_at: datetime
    run_id: str | None
    records: dict[str, int]
    expected_f1: dict[str, float | None]
    promoted_at: datetime | None = None
    is_promoted: bool = False


def promoted_version(connection: Connection) -> str | None:
    """Return the version that nights use; None where none has been promoted yet."""
    if PROMOTIONS not in connection.table_names(connection.settings.ops_dataset):
        return None
    rows = connection.query(f"""
        select model_version
        from {table(connection, PROMOTIONS)}
        order by promoted_at desc
        limit 1
    """)
    return next((str(row["model_version"]) for row in rows), None)


def list_versions(connection: Connection) -> tuple[ModelVersion, ...]:
    """Return all versions, the newest first."""
    if not {MODELS, PROMOTIONS} <= connection.table_names(connection.settings.ops_dataset):
        return ()
    rows = connection.query(f"""
        select
            models.model_version,
            models.entity,
            models.run_id,
            models.trained_at,
            models.n_records,
            models.expected_f1,
            promotions.promoted_at,
        from {table(connection, MODELS)} as models
        left join (
            select model_version, max(promoted_at) as promoted_at
            from {table(connection, PROMOTIONS)}
            group by model_version
        ) as promotions on models.model_version = promotions.model_version
        order by models.trained_at desc, models.model_version, models.entity
    """)
    found = [dict(row) for row in rows]
    promoted = max((row["promoted_at"] for row in found if row["promoted_at"]), default=None)
    return tuple(
        _version(list(both), promoted)
        for _, both in groupby(found, key=lambda row: row["model_version"])
    )


def require_version(connection: Connection, version: str) -> ModelVersion:
    """Return a version, or say which ones there are."""
    versions = {one.version: one for one in list_versions(connection)}
    if version not in versions:
        where = connection.settings.ops_dataset
        raise ConfigurationError(
            f"there is no version {version} of the model in {where}"
            + did_you_mean(version, versions),
            "take one from 'concord models', or train one with 'concord train'",
        )
    return versions[version]


def keep_version(connection: Connection, dataset: str, run_id: str | None = None) -> str:
    """Keep the model that was trained into datasets of a prefix; return its version.

    The frequencies come first: a version that can be found is whole.
    """
    from google.cloud.bigquery import ScalarQueryParameter

    built = f"{connection.settings.project}.{dataset}_matching"
    (row,) = connection.query(f"select model_version from `{built}.int_match_model_version`")
    version = str(row["model_version"])
    frequencies = "\n            union all ".join(
        f"select * from `{built}.int_{entity}_model_frequencies`" for entity in ENTITIES
    )
    records = "\n            union all ".join(
        f"select * from `{built}.int_{entity}_model_record`" for entity in ENTITIES
    )
    parameters = (
        ScalarQueryParameter("version", "STRING", version),
        ScalarQueryParameter("run_id", "STRING", run_id),
    )
    connection.query(_copy_sql(connection, FREQUENCIES, frequencies, ()), *parameters)
    connection.query(_copy_sql(connection, MODELS, records, ("run_id",)), *parameters)
    return version


def promote_version(connection: Connection, version: str, by: str) -> str | None:
    """Let nights use a version from now on; return the one that they used before."""
    from google.cloud.bigquery import ScalarQueryParameter

    before = promoted_version(connection)
    if before == version:
        return before
    connection.query(
        f"""
        insert into {table(connection, PROMOTIONS)}
            (model_version, replaced_version, promoted_at, promoted_by)
        select @version, @before, current_timestamp(), @by
        """,
        ScalarQueryParameter("version", "STRING", version),
        ScalarQueryParameter("before", "STRING", before),
        ScalarQueryParameter("by", "STRING", by),
    )
    return before


def table(connection: Connection, name: str) -> str:
    """Return the quoted name of a table of `concord_ops`."""
    return f"`{connection.table_id(connection.settings.ops_dataset, name)}`"


def _copy_sql(connection: Connection, name: str, rows: str, given: Sequence[str]) -> str:
    """Return the statement that adds the rows of a version, unless it has some already."""
    own = table(connection, name)
    columns = _COLUMNS[name]
    values = {"model_version": "@version"} | {one: f"@{one}" for one in given}
    selected = ", ".join(f"{values[one]} as {one}" if one in values else one for one in columns)
    return f"""
        insert into {own} ({", ".join(columns)})
        select {selected}
        from (
            {rows}
        )
        where not exists (select 1 from {own} as known where known.model_version = @version)
    """


_COLUMNS: Final = {
    FREQUENCIES: ("model_version", "entity", "attribute", "value", "frequency"),
    MODELS: (
        *("model_version", "entity", "run_id", "trained_at"),
        *("accept_weight", "review_weight", "lowest_pair_weight"),
        *("n_training_rounds", "is_training_settled", "training_change"),
        *("n_records", "expected_precision", "expected_recall", "expected_f1", "parameters"),
    ),
}


def _version(rows: Sequence[dict[str, Any]], newest: datetime | None) -> ModelVersion:
    """Return a version from its rows, one for each entity."""
    first, *_ = rows
    return ModelVersion(
        version=first["model_version"],
        trained_at=first["trained_at"],
        run_id=first["run_id"],
        records={row["entity"]: int(row["n_records"]) for row in rows},
        expected_f1={row["entity"]: row["expected_f1"] for row in rows},
        promoted_at=first["promoted_at"],
        is_promoted=newest is not None and first["promoted_at"] == newest,
    )
