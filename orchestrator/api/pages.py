"""Pages by a cursor: a caller goes on after the last row, however many pages there are."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from orchestrator.api.problems import Refusal

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row, Snapshot


def read_cursor(snapshot: Snapshot, cursor: str | None) -> int:
    """Return the last row of the page before, 0 for the first page.

    A cursor of another snapshot is refused: its rows have other numbers.
    """
    if not cursor:
        return 0
    try:
        name, last = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        last = int(last)
    except (binascii.Error, ValueError, TypeError, UnicodeDecodeError) as error:
        raise Refusal("wrong_cursor", "take `next_cursor` of the page before") from error
    if name != snapshot.file.name:
        raise Refusal("wrong_cursor", "newer data have come; begin with the first page")
    return last


def page_after(
    snapshot: Snapshot, rows: list[Row], limit: int, column: str
) -> tuple[list[Row], str | None]:
    """Return one page, and the cursor of the next one: one row more than a page was read."""
    page = rows[:limit]
    if len(rows) <= limit:
        return page, None
    last = json.dumps([snapshot.file.name, page[-1][column]])
    return page, base64.urlsafe_b64encode(last.encode()).decode()
