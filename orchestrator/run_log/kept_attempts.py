"""Keeps what `concord retry` needs of a failed run, for a machine that has not run it.

On a disk that stays, the folders of dbt's invocations do. In a container nothing stays: where the
run log is in a bucket, the nodes that have ended and the manifest are put beside it.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.artifacts import JOURNAL_FILE
from orchestrator.files.state_files import open_run_files, problem_of
from orchestrator.settings.groups import is_cloud

if TYPE_CHECKING:
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings

FOLDER: Final = "attempts"
RESULTS: Final = "run_results.json"
MANIFEST: Final = "manifest.json"
FILES: Final = (RESULTS, JOURNAL_FILE, MANIFEST)
# As dbt's invocations are named; no other name becomes a folder.
ATTEMPT: Final = re.compile(r"[0-9TZ]+")
# Between run, invocation and file in the name of an object; in none of their own names.
BETWEEN: Final = "__"


def keep_attempts(settings: Settings, run_id: str, attempts_dir: Path) -> str:
    """Copy what is known of a run that did not succeed; return the problem, or ''."""
    if not is_cloud(settings.runlog.place):
        return ""

    def keep() -> None:
        files = open_run_files(settings)
        folders = [path for path in sorted(attempts_dir.glob("*")) if path.is_dir()]
        found = [path for folder in folders for path in _results_of(folder)]
        # One manifest is like the other, and large.
        found += [path for f in folders if (path := f / MANIFEST).is_file()][-1:]
        for path in found:
            name = BETWEEN.join((run_id, path.parent.name, path.name))
            files.write(f"{FOLDER}/{name}", path.read_text(encoding="utf-8"))

    return problem_of(keep)


def with_attempts(settings: Settings, run: Run) -> Run:
    """Return a run whose folders of invocations are here; those of another machine are brought."""
    if not is_cloud(settings.runlog.place) or Path(run.attempts_dir).is_dir():
        return run
    here = settings.state_dir / "dbt" / run.run_id
    files = open_run_files(settings)
    start = f"{FOLDER}/{run.run_id}{BETWEEN}"
    shutil.rmtree(here, ignore_errors=True)
    for name in files.names(FOLDER):
        attempt, _, file_name = name.removeprefix(start).partition(BETWEEN)
        is_ours = file_name in FILES and ATTEMPT.fullmatch(attempt)
        text = files.read(name) if name.startswith(start) and is_ours else None
        if text is None:
            continue
        path = here / attempt / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return replace(run, attempts_dir=str(here))


def _results_of(folder: Path) -> list[Path]:
    """Return dbt's results of an invocation; the journal where dbt did not come to write them."""
    names = (RESULTS, JOURNAL_FILE)
    return [path for path in (folder / name for name in names) if path.is_file()][:1]
