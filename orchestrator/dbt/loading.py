"""Imports dbt, which takes seconds, and spares it a slow way of its own."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def load_dbt() -> None:
    """Import dbt, ahead of its first use where there is time; a second call costs nothing."""
    gc.disable()
    try:
        from dbt_common.behavior_flags import BehaviorFlagRendered
    finally:
        # What was imported stays: the collector need not look at it again and again.
        gc.freeze()
        gc.enable()
    # dbt's own way is `inspect.stack()`, which reads the source of every caller and looks through
    # all modules: a second for each invocation, and several where much is loaded, as in tests.
    BehaviorFlagRendered._default_source = staticmethod(declaring_module)  # noqa: SLF001


def declaring_module() -> str:
    """Return who declares a flag: the nearest module on the stack but dbt's own about flags."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001
    while frame is not None:
        name = str(frame.f_globals.get("__name__"))
        if name != "dbt_common.behavior_flags":
            return name
        frame = frame.f_back
    return "Unknown"
