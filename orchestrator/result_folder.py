"""The folders of `concord resolve`: one to work in, one for the result."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError
from orchestrator.files.modes import share, usual_modes
from orchestrator.interruption import signals_held_back
from orchestrator.match_export import CLUSTERS_FILE, PAIRS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

SUMMARY_FILE: Final = "summary.json"
REPORT_FILE: Final = "report.html"
OUR_FILES: Final = frozenset({CLUSTERS_FILE, PAIRS_FILE, SUMMARY_FILE, REPORT_FILE})


@contextmanager
def work_folder(kept: Path | None) -> Iterator[Path]:
    """Give a folder to work in: a temporary one, or a new one that stays."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="concord-resolve-") as folder:
            yield Path(folder)
        return
    if kept.exists() and any(kept.iterdir()):
        raise InputError(f"{kept} is not empty", "give a new folder to --keep-warehouse")
    kept.mkdir(parents=True, exist_ok=True)
    try:
        # dbt reads a relative path from the project's folder.
        yield kept.resolve()
    finally:
        shutil.rmtree(kept / "scratch", ignore_errors=True)


def check_output(output: Path) -> None:
    """Refuse, before the work, a folder that holds something else: it would be replaced."""
    if output.exists() and not output.is_dir():
        raise InputError(f"{output} is not a folder", "give a folder to --out")
    foreign = {entry.name for entry in output.iterdir()} - OUR_FILES if output.exists() else set()
    if foreign:
        raise InputError(
            f"{output} holds other files: {', '.join(sorted(foreign)[:5])}",
            "give a new folder to --out",
        )


def publish(scratch: Path, output: Path, summary: dict[str, Any]) -> None:
    """Put the result in place at once, so that nobody sees half of it, also when it is stopped."""
    # A link to a folder stays one.
    output = output.resolve()
    with usual_modes():
        output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as beside:
        ready, old = Path(beside) / "ready", Path(beside) / "old"
        ready.mkdir()
        for name in (CLUSTERS_FILE, PAIRS_FILE):
            shutil.move(scratch / name, ready / name)
        if (scratch / REPORT_FILE).exists():
            shutil.move(scratch / REPORT_FILE, ready / REPORT_FILE)
        text = json.dumps(summary, indent=2)
        (ready / SUMMARY_FILE).write_text(text + "\n", encoding="utf-8")
        share(ready)
        # The earlier result goes when the new one is there: there is always one of them.
        with signals_held_back():
            if output.exists():
                output.rename(old)
            try:
                ready.rename(output)
            except OSError:
                if old.exists():
                    old.rename(output)
                raise
