"""Pages by a cursor: a caller goes on after the last row, however many pages there are."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Query

from orchestrator.api.problems import Refusal

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row, Snapshot


MOST_CHARACTERS: Final = 300
MOST_ROWS: Final = 1 << 53
TAKE_THE_NEXT: Final = "take `next_cursor` of the page before"


Cursor = Annotated[str | None, Query(max_length=MOST_CHARACTERS, description="Of a page before.")]


def read_cursor(snapshot: Snapshot, cursor: str | None) -> int:
    """Return the last row of the page before, 0 for the first page.

    A cursor of another snapshot is refused: its rows have other numbers.
    """
    if not cursor:
        return 0
    try:
        name, last = json.loads(base64.urlsafe_b64decode(cursor[:MOST_CHARACTERS].encode()))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise Refusal("wrong_cursor", TAKE_THE_NEXT) from error
    if type(last) is not int or not 0 <= last < MOST_ROWS:
        raise Refusal("wrong_cursor", TAKE_THE_NEXT)
    if name != snapshot.file.name:
        raise Refusal("wrong_cursor", "newer data have come; begin with the first page")
    return last


def page_after(
    snapshot: Snapshot, rows: list[Row], limit: int, after: int
) -> tuple[list[Row], str | None]:
    """Return one page, and the cursor of the next one: one row more than a page was read."""
    page = rows[:limit]
    if len(rows) <= limit:
        return page, None
    last = json.dumps([snapshot.file.name, after + limit])
    return page, base64.urlsafe_b64encode(last.encode()).decode()
