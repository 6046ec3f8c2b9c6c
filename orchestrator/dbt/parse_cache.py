"""What dbt has parsed, kept for the next command of the project, wherever that one works.

dbt itself notices changed files and versions. It parses everything anew when the settings differ,
so each set of settings has a file of its own. Of the version of the matching model only matters
here whether there is one: some models are off then, and dbt itself parses those again that name it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.settings.values import Settings

# dbt's own name for it, inside the target path.
DBT_FILE: Final = "partial_parse.msgpack"
KEPT_FILES: Final = 6
# A private warehouse has another address every time; the models do not depend on it.
_WITHOUT_EFFECT: Final = frozenset(
    {"CONCORD_WAREHOUSE_URL", "CONCORD_WAREHOUSE_TOKEN", "CONCORD_THREADS"}
)
_MODEL: Final = "CONCORD_MODEL"
# As in the macro is_model_trained.
_TRAINED: Final = ("", "train")


class ParseCache:
    """The file for one set of settings. Commands that run at once may share it."""

    def __init__(self, settings: Settings) -> None:
        values = settings.environment()
        relevant = {name: value for name, value in values.items() if name not in _WITHOUT_EFFECT}
        relevant[_MODEL] = str(values[_MODEL] not in _TRAINED)
        text = json.dumps(relevant, sort_keys=True)
        self._folder = settings.state_dir / "parsed"
        self.path = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.msgpack"

    def flags(self) -> dict[str, str]:
        """Return dbt's flag to begin with what the file has."""
        return {"partial_parse_file_path": str(self.path)} if self.path.is_file() else {}

    def keep(self, target_path: Path) -> None:
        """Take over what dbt wrote; it writes nothing when there was nothing to parse."""
        written = target_path / DBT_FILE
        if not written.is_file():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder)
        os.close(handle)
        shutil.move(written, name)
        # In one step: another command may be reading the old file.
        Path(name).replace(self.path)
        self._remove_old_files()

    def _remove_old_files(self) -> None:
        def age(file: Path) -> float:
            # Another command may have removed it meanwhile.
            with suppress(FileNotFoundError):
                return -file.stat().st_mtime
            return 0.0

        for file in sorted(self._folder.glob("*.msgpack"), key=age)[KEPT_FILES:]:
            file.unlink(missing_ok=True)
