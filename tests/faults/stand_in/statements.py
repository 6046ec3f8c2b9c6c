"""What a statement does to which table, as far as the stand-in has to know. No SQL is run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
# dbt's own comment has the unique id, Concord's the name.
NODE: Final = re.compile(r'"node(?:_id)?"\s*:\s*("(?:[^"\\]|\\.)*")')
NAME: Final = re.compile(r"`([^`]+)`(?:\s*\.\s*`([^`]+)`)?(?:\s*\.\s*`([^`]+)`)?")
KINDS: Final = (
    ("CREATE_SCHEMA", re.compile(r"create\s+schema\b", re.IGNORECASE)),
    ("CREATE_SNAPSHOT", re.compile(r"create\s+snapshot\s+table\b", re.IGNORECASE)),
    ("EXPORT", re.compile(r"export\s+data\b", re.IGNORECASE)),
    ("CREATE_TABLE_AS_SELECT", re.compile(r"create\s+(or\s+replace\s+)?table\b", re.IGNORECASE)),
    ("CREATE_VIEW", re.compile(r"create\s+(or\s+replace\s+)?view\b", re.IGNORECASE)),
    ("MERGE", re.compile(r"merge\b", re.IGNORECASE)),
    ("INSERT", re.compile(r"insert\b", re.IGNORECASE)),
    ("DELETE", re.compile(r"delete\b", re.IGNORECASE)),
    ("DROP_TABLE", re.compile(r"drop\s+(table|view)\b", re.IGNORECASE)),
    ("SELECT", re.compile(r"(select|with|\()", re.IGNORECASE)),
)

TableName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: its kind, the table that it writes, those that it reads, its text."""

    kind: str
    target: TableName | None
    reads: tuple[TableName, ...]
    text: str
    node: str

    @property
    def writes_rows(self) -> bool:
        """Say whether rows are added to a table that stays."""
        return self.kind in {"MERGE", "INSERT", "DELETE"}


def read_statement(sql: str) -> Statement:
    """Read a statement as dbt or Concord sends it."""
    text = " ".join(COMMENT.sub(" ", sql).split())
    kind = next((kind for kind, start in KINDS if start.match(text)), "SCRIPT")
    names = tuple(name for match in NAME.finditer(text) if (name := _table_name(match)))
    is_read_only = kind in {"SELECT", "SCRIPT", "EXPORT"}
    target = None if is_read_only or not names else names[0]
    reads = tuple(dict.fromkeys(name for name in names if name != target))
    return Statement(kind, target, reads, text, node_of(sql))


def node_of(sql: str) -> str:
    """Return the name of the dbt node that a statement belongs to, from its comment."""
    found = NODE.search(sql)
    parts = str(json.loads(found.group(1))).split(".") if found else []
    return parts[2] if len(parts) > 2 else "".join(parts)


def _table_name(match: re.Match[str]) -> TableName | None:
    """Return dataset and table of `p`.`d`.`t` or `p.d.t`; None for a column."""
    parts = [part for group in match.groups() if group for part in group.split(".")]
    return (parts[-2], parts[-1]) if len(parts) > 1 else None
