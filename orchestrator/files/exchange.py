"""Exchanges two folders in one step where the system can, else in two that can be taken back."""

from __future__ import annotations

import ctypes
import os
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

# From Linux: the current folder, and the wish that both names exist before and after.
AT_FDCWD: Final = -100
RENAME_EXCHANGE: Final = 2


def exchange_folders(new: Path, old: Path) -> None:
    """Give each of two folders, which are on one disk, the name of the other."""
    if _exchanged_by_linux(new, old):
        return
    aside = old.with_name(f".{secrets.token_hex(8)}")
    old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        aside.rename(old)
        raise
    aside.rename(new)


def _exchanged_by_linux(new: Path, old: Path) -> bool:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(
        rename(AT_FDCWD, os.fsencode(new), AT_FDCWD, os.fsencode(old), RENAME_EXCHANGE) == 0
    )
