"""All that a command writes is its user's alone, but for the results that were asked for.

State, logs and unfinished parts hold rows of customers. A finished result gets the modes that the
user's shell gives to new files.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIVATE: Final = 0o077
# What the shell had set, once the process writes privately.
_kept: list[int] = []


def write_privately() -> None:
    """From now on, new files of this process and of those that it starts are private."""
    _kept.append(os.umask(PRIVATE))


@contextmanager
def usual_modes() -> Iterator[None]:
    """Within the block, new files get the modes that the user's shell gives them."""
    if not _kept:
        yield
        return
    os.umask(_kept[0])
    try:
        yield
    finally:
        os.umask(PRIVATE)


def share(path: Path) -> None:
    """Give a finished file, or a folder and what is in it, the usual modes."""
    forbidden = _kept[0] if _kept else _umask()
    for entry in (path, *path.rglob("*")):
        entry.chmod((0o777 if entry.is_dir() else 0o666) & ~forbidden)


def _umask() -> int:
    # It can only be read by setting it.
    current = os.umask(PRIVATE)
    os.umask(current)
    return current
