"""GRANT and REVOKE are accepted, and nobody has been granted anything.

Stock: both are syntax errors, and OBJECT_PRIVILEGES, which dbt reads first, does not exist. The
local warehouse has one user, so there is nothing to do.
"""

from __future__ import annotations

import re

from orchestrator.local_warehouse.fixes.syntax_trees import before_translation

_COMMENTS = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_GRANT = re.compile(_COMMENTS + r"(?:grant|revoke)\s", re.IGNORECASE | re.DOTALL)
_PRIVILEGES = re.compile(r"`?information_schema`?\.`?object_privileges", re.IGNORECASE)

_NOTHING_DONE = "select 1 as done"
_NO_PRIVILEGES = (
    "select '' as privilege_type, '' as grantee from (select 1 as one) as nobody where one = 0"
)


def accept(sql: str) -> str:
    """Return a harmless query instead of a statement about privileges."""
    if _GRANT.match(sql):
        return _NOTHING_DONE
    if _PRIVILEGES.search(sql):
        return _NO_PRIVILEGES
    return sql


def apply() -> None:
    """Look at every statement before it is translated."""
    before_translation(accept)
