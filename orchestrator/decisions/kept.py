"""The decisions that are there: those of the seed, and those of concord_ops, which are added to."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

from orchestrator.decisions.decision import COLUMNS, StewardDecision
from orchestrator.decisions.read_file import read_time, row_problems
from orchestrator.sources.own_tables import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.bigquery.patience import Patience

SEED: Final = ("seeds", "decisions", "decisions.csv")
# One statement, so that all of them are kept or none, and none twice.
APPEND: Final = """
insert into `{table}` ({columns})
select
    json_value(decision, '$.decision_id') as decision_id,
    json_value(decision, '$.entity') as entity,
    json_value(decision, '$.left_id') as left_id,
    json_value(decision, '$.right_id') as right_id,
    json_value(decision, '$.verdict') as verdict,
    json_value(decision, '$.decided_by') as decided_by,
    cast(json_value(decision, '$.decided_at') as timestamp) as decided_at,
    json_value(decision, '$.reason') as reason
from unnest(@decisions) as decision
where json_value(decision, '$.decision_id') not in (
    select decision_id from `{table}` where decision_id is not null
)
"""


def read_kept(connection: Connection) -> list[StewardDecision]:
    """Return all decisions that can be used."""
    names = ", ".join(COLUMNS)
    table = connection.table_id(connection.settings.ops_dataset, DECISIONS)
    rows = connection.query(f"select {names} from `{table}`")
    found = [_usable({name: row[name] for name in COLUMNS}) for row in rows]
    found += [_usable(row) for row in _seed_rows(connection.settings.project_dir)]
    named = [decision.named() for decision in found if decision is not None]
    return list({decision.decision_id: decision for decision in named}.values())


def read_named(
    connection: Connection, names: Iterable[str], patience: Patience
) -> dict[str, StewardDecision]:
    """Return the decisions of concord_ops by name; of several of one the newest, as the run."""
    from google.cloud.bigquery import ArrayQueryParameter

    parameter = ArrayQueryParameter("names", "STRING", list(names))
    condition = "decision_id in unnest(@names)"
    found = _read_some(connection, condition, parameter, patience)
    return {one.decision_id: one for one in reversed(found)}


def read_since(
    connection: Connection, since: datetime, patience: Patience
) -> list[StewardDecision]:
    """Return the decisions of concord_ops that were made since a time, the newest first."""
    from google.cloud.bigquery import ScalarQueryParameter

    parameter = ScalarQueryParameter("since", "TIMESTAMP", since)
    return _read_some(connection, "decided_at >= @since", parameter, patience)


def _read_some(
    connection: Connection,
    condition: str,
    parameter: Any,  # noqa: ANN401 - Google's class is imported late
    patience: Patience,
) -> list[StewardDecision]:
    table = connection.table_id(connection.settings.ops_dataset, DECISIONS)
    sql = f"select {', '.join(COLUMNS)} from `{table}` where {condition} order by decided_at desc"
    rows = connection.query(sql, parameter, patience=patience)
    found = (_usable({name: row[name] for name in COLUMNS}) for row in rows)
    return [one.named() for one in found if one is not None]


def append(
    connection: Connection,
    decisions: Iterable[StewardDecision],
    patience: Patience | None = None,
) -> None:
    """Keep decisions, each once, whoever else keeps some at the same time."""
    from google.cloud.bigquery import ArrayQueryParameter

    table = connection.table_id(connection.settings.ops_dataset, DECISIONS)
    by_name = {decision.decision_id: decision.row() for decision in decisions}
    rows = [json.dumps(row) for row in by_name.values()]
    if rows:
        sql = APPEND.format(table=table, columns=", ".join(COLUMNS))
        parameter = ArrayQueryParameter("decisions", "STRING", rows)
        connection.query(sql, parameter, patience=patience)


def _seed_rows(project_dir: Path) -> list[dict[str, str]]:
    path = project_dir.joinpath(*SEED)
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _usable(row: Mapping[str, object]) -> StewardDecision | None:
    """Return the decision of a row as staging takes it; the others are in decision_conflicts."""
    text = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    at = read_time(text["decided_at"])
    # A reason is asked of those who decide now, not of what is there.
    if at is None or not text["entity"] or row_problems({**text, "reason": "-"}):
        return None
    return StewardDecision(
        entity=text["entity"].lower(),
        left_id=text["left_id"],
        right_id=text["right_id"],
        verdict=text["verdict"].lower(),
        decided_by=text["decided_by"],
        decided_at=at,
        reason=text["reason"],
        decision_id=text["decision_id"],
    )
