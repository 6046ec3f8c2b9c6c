"""CREATE SNAPSHOT TABLE takes OPTIONS, which is how a snapshot gets its expiry.

Stock: a syntax error. The options are read and left out: nothing expires in the local warehouse.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bqemulator.versioning.ddl import VersioningDDLRouter

if TYPE_CHECKING:
    from bqemulator.versioning.ddl import VersioningDDL

_OPTIONS: Final = re.compile(
    r"(?P<head>\s*create\s+snapshot\s+table\s.*?\sclone\s+\S+)\s+options\s*\(.*\)\s*;?\s*",
    re.IGNORECASE | re.DOTALL,
)


def without_options(sql: str) -> str:
    """Return a CREATE SNAPSHOT TABLE without its options; other statements as they are."""
    match = _OPTIONS.fullmatch(sql)
    return match["head"] if match else sql


def apply() -> None:
    """Leave the options out before the statement is read."""
    stock_parse = VersioningDDLRouter.parse

    def parse(self: VersioningDDLRouter, sql: str) -> VersioningDDL | None:
        return stock_parse(self, without_options(sql))

    VersioningDDLRouter.parse = parse
