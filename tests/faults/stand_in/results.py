"""The rows of the few queries whose result somebody reads."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.faults.stand_in.statements import Statement
    from tests.faults.stand_in.warehouse import Table, Warehouse

Columns = list[dict[str, str]]
Rows = list[tuple[Any, ...]]

COUNT: Final = re.compile(r"select '([^']+)' as table_name, count\(\*\) as row_count")
KNOWN: Final = re.compile(r"select distinct ([\w, ]+) from `[^`]+` where (\w+) in unnest\(@(\w+)\)")


def columns_and_rows(
    warehouse: Warehouse,
    statement: Statement,
    parameters: list[dict[str, Any]],
    account: str = "",
) -> tuple[Columns, Rows]:
    """Answer a dbt test (it passes), and the few questions that Concord asks."""
    if statement.kind != "SELECT":
        return [], []
    if "should_error" in statement.text:
        columns = [("failures", "INTEGER"), ("should_warn", "BOOLEAN"), ("should_error", "BOOLEAN")]
        return _named(columns), [(0, "false", "false")]
    if counted := COUNT.findall(statement.text):
        sizes = [len(warehouse.table(name).rows) for name in statement.reads]
        return _named([("table_name", "STRING"), ("row_count", "INTEGER")]), [
            *zip(counted, sizes, strict=True)
        ]
    if known := KNOWN.match(statement.text):
        names = known.group(1).split(", ")
        wanted = {
            value["value"]
            for parameter in parameters
            if parameter["name"] == known.group(3)
            for value in parameter["parameterValue"]["arrayValues"]
        }
        rows = warehouse.table(statement.reads[0]).rows
        found = {
            tuple(row[name] for name in names) for row in rows if row[known.group(2)] in wanted
        }
        return _named([(name, "STRING") for name in names]), sorted(found)
    if statement.text == "select session_user() as account":
        return _named([("account", "STRING")]), [(account,)]
    if "farm_fingerprint" in statement.text:
        [name] = statement.reads
        size, folded = len(warehouse.table(name).rows), "".join(warehouse.content(name))
        columns = [("n_rows", "INTEGER"), ("folded", "STRING"), ("added", "STRING")]
        return _named(columns), [(size, folded, "0")]
    if statement.text.startswith("select max(ended_at) as last"):
        rows_of = warehouse.table(statement.reads[0]).rows
        ended = [row["ended_at"] for row in rows_of if row["status"] == "success"]
        newest = _cell(max(ended), "TIMESTAMP") if ended else None
        return _named([("last", "TIMESTAMP")]), [(newest,)]
    if statement.text == "select 1":
        return _named([("f0_", "INTEGER")]), [(1,)]
    if statement.text.startswith("select * from"):
        return _whole_table(warehouse.table(statement.reads[0]))
    return _named([("id", "STRING")]), []


def _whole_table(table: Table) -> tuple[Columns, Rows]:
    """Return what was loaded into a table."""
    columns = [(field["name"], field["type"]) for field in table.schema]
    rows = [tuple(_cell(row.get(name), kind) for name, kind in columns) for row in table.rows]
    return _named(columns), rows


def _cell(value: Any, kind: str) -> Any:  # noqa: ANN401 - a value of JSON
    if value is None:
        return None
    if kind == "TIMESTAMP":
        return int(datetime.fromisoformat(str(value)).timestamp() * 1_000_000)
    return str(value).lower() if isinstance(value, bool) else value


def result_json(columns: Columns, rows: Rows, limit: int | None) -> dict[str, Any]:
    """Put a result into the shape of getQueryResults."""
    shown = rows if limit is None else rows[:limit]
    cells = [{"f": [{"v": None if v is None else str(v)} for v in row]} for row in shown]
    answer: dict[str, Any] = {"schema": {"fields": columns}, "totalRows": str(len(rows))}
    return answer | ({"rows": cells} if cells else {})


def _named(columns: list[tuple[str, str]]) -> Columns:
    return [{"name": name, "type": kind, "mode": "NULLABLE"} for name, kind in columns]
