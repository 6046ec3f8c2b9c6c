"""The folders of `concord resolve`: one to work in, one for the result."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError
from orchestrator.files.exchange import exchange_folders
from orchestrator.files.modes import share, usual_modes
from orchestrator.interruption import signals_held_back
from orchestrator.resolve.match_export import CLUSTERS_FILE, PAIRS_FILE
from orchestrator.resolve.output.write_files import FORMATS
from orchestrator.resolve.request import COMPANIES_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

SUMMARY_FILE: Final = "summary.json"
REPORT_FILE: Final = "report.html"
# What the next file's ids go on from.
LEDGER_FILE: Final = "ledger.parquet"
DECISIONS_FILE: Final = "decisions.csv"
# Of files without ids: which row had which number.
NUMBERS_FILE: Final = "numbers.parquet"
# How the columns were read: the next file of the same shape is read in the same way.
MAPPING_FILE: Final = "mapping.yml"
TABLES: Final = ("records", "golden", "review", "changes")
OUR_FILES: Final = frozenset(
    {
        *(CLUSTERS_FILE, PAIRS_FILE, SUMMARY_FILE, REPORT_FILE),
        *(LEDGER_FILE, DECISIONS_FILE, NUMBERS_FILE, MAPPING_FILE, COMPANIES_FOLDER),
        *(f"{table}.{ending}" for table in TABLES for ending in FORMATS),
    }
)


@contextmanager
def work_folder(kept: Path | None) -> Iterator[Path]:
    """Give a folder to work in: a temporary one, or a new one that stays."""
    if kept is None:
        with _refused("the folder for temporary files", "set TMPDIR to a folder with free space"):
            temporary = tempfile.TemporaryDirectory(prefix="concord-resolve-")
        with temporary as folder:
            yield Path(folder)
        return
    with _refused(f"the folder {kept}", "give another folder to --keep-warehouse"):
        if kept.exists() and any(kept.iterdir()):
            raise InputError(f"{kept} is not empty", "give a new folder to --keep-warehouse")
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "scratch").mkdir()
        (kept / "scratch").rmdir()
    try:
        # dbt reads a relative path from the project's folder.
        yield kept.resolve()
    finally:
        shutil.rmtree(kept / "scratch", ignore_errors=True)


def check_output(output: Path, *, may_replace: bool = True) -> Path:
    """Return the folder of the result, behind links; refuse, before the work, what cannot be one.

    A folder that holds something else is refused too: it would be replaced.
    """
    with _refused(f"the folder {output}", "give another folder to --out"):
        if output.is_symlink() and not output.exists():
            raise InputError(f"{output} is a link to nothing", "give a folder to --out")
        # A link stays, and the folder it points to is replaced.
        folder = output.resolve()
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{output} is not a folder", "give a folder to --out")
        foreign = _foreign(folder) if folder.exists() else []
        if foreign:
            raise InputError(
                f"{output} holds other files: {', '.join(foreign[:5])}",
                "give a new folder to --out",
            )
        if not may_replace and folder.exists() and any(folder.iterdir()):
            raise InputError(
                f"{output} holds an earlier result",
                "give another folder to --out, or --force to replace it; with --previous "
                f"{output} the new result keeps its ids",
            )
        place = next(parent for parent in folder.parents if parent.exists())
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            raise InputError(
                f"nothing can be written below {place}", "give another folder to --out"
            )
    return folder


def put_in_place(scratch: Path, output: Path, summary: dict[str, Any]) -> None:
    """Put the result in place at once, so that nobody sees half of it, also when it is stopped."""
    # A link to a folder stays one.
    output = output.resolve()
    with usual_modes():
        output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".concord-result-") as beside:
        ready = Path(beside) / "ready"
        ready.mkdir()
        for name in sorted(OUR_FILES):
            if (scratch / name).exists():
                shutil.move(scratch / name, ready / name)
        text = json.dumps(summary, indent=2)
        (ready / SUMMARY_FILE).write_text(text + "\n", encoding="utf-8")
        share(ready)
        # The earlier result goes when the new one is there: there is always one of them.
        with signals_held_back():
            if output.exists():
                exchange_folders(ready, output)
                # What somebody has put there in the meantime stays.
                for name in _foreign(ready):
                    (ready / name).rename(output / name)
            else:
                ready.rename(output)


def written_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the files of a result that are for people."""
    first = (f"{table}.{ending}" for table in TABLES for ending in FORMATS)
    names = (*first, REPORT_FILE, COMPANIES_FOLDER)
    return tuple(name for name in names if (folder / name).exists())


def _foreign(folder: Path) -> list[str]:
    """Return what is not ours, also within the result of the companies, by its path."""
    foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in OUR_FILES)
    within = folder / COMPANIES_FOLDER
    if within.is_dir():
        foreign += [f"{COMPANIES_FOLDER}/{name}" for name in _foreign(within)]
    return foreign


@contextmanager
def _refused(what: str, what_to_do: str) -> Iterator[None]:
    """Turn what the file system says no to into a clear error."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{what} cannot be used: {error.strerror or error}", what_to_do) from error
