"""The marks by which spreadsheets keep text from being taken for a number or a formula."""

from __future__ import annotations

import re
from typing import Final

# Spreadsheets guard text against being taken for a number or a formula: ="007" and '+49 30.
GUARD_SIGNS: Final = re.compile(r"""="|'[-+=@\t\r\d]""")
TEXT_FORMULA: Final = re.compile(r'\s*="([^"]*)"\s*')
GUARDED: Final = re.compile(r"\s*'([-+=@\t\r].*|\d+)\s*", re.DOTALL)


def without_guard(cell: str) -> str:
    """Return a cell as it was before it was guarded."""
    if "'" not in cell and "=" not in cell:
        return cell
    found = TEXT_FORMULA.fullmatch(cell) or GUARDED.fullmatch(cell)
    return found.group(1) if found else cell
