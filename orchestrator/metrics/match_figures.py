"""How the newest build matched, as a few figures for metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.bigquery.patience import BRIEF
from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection


@dataclass(frozen=True, slots=True)
class EntityFigures:
    """One kind of entity. Shares are from 0 to 1; None where there was nothing to judge."""

    entity: str
    records: int
    review_pairs: int
    unmatched_share: float | None
    expected_precision: float | None
    expected_recall: float | None


def read_match_figures(connection: Connection) -> tuple[EntityFigures, ...]:
    """Return the newest figures of each kind of entity; none where they cannot be read."""

    settings = connection.settings
    table = connection.table_id(f"{settings.dataset}_marts", "match_quality")
    sql = f"""
        select
            entity,
            n_records as records,
            n_review_pairs as review_pairs,
            unmatched_share,
            expected_precision,
            expected_recall,
        from `{table}`
        where true
        qualify row_number() over (partition by entity order by run_started_at desc) = 1
        order by entity
    """
    try:
        rows = connection.query(sql, patience=BRIEF)
        return tuple(EntityFigures(**dict(row)) for row in rows)
    except Exception as error:  # noqa: BLE001 - metrics are no reason to fail
        get_logger().warning("no figures of the matching", cause=type(error).__name__)
        return ()
