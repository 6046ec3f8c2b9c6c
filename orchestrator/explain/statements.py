"""The statements of the analyses, compiled by dbt: the same SQL that people run in a console.

Compiling takes seconds, so the texts are kept until the project or the settings change.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final

from orchestrator.dbt.runner import DbtRunner, project_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.settings.values import Settings

# What the macro `fill_in` writes; a parameter takes its place.
TO_FILL_IN: Final = re.compile(r"'fill in: (\w+)'")
SOURCES_OF_SQL: Final = ("analyses", "macros", "models", "dbt_project.yml")
# A private warehouse has another address every time; the SQL does not depend on it.
WITHOUT_EFFECT: Final = ("CONCORD_WAREHOUSE_", "CONCORD_THREADS")


class Statements:
    """Runs the analyses of the project by their names."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._texts = _texts(connection.settings)

    def rows(self, analysis: str, **values: str) -> list[dict[str, Any]]:
        """Run one analysis with the values as parameters; its result is small."""
        from google.cloud.bigquery import ScalarQueryParameter

        parameters = [ScalarQueryParameter(name, "STRING", text) for name, text in values.items()]
        sql = with_parameters(self._texts[analysis])
        return [dict(row) for row in self._connection.query(sql, *parameters)]


def with_parameters(text: str) -> str:
    """Return the SQL of an analysis with a parameter for every text to fill in."""
    return TO_FILL_IN.sub(r"@\1", text)


def _texts(settings: Settings) -> dict[str, str]:
    """Return the compiled SQL of every analysis."""
    kept = settings.state_dir / "explain" / f"{_fingerprint(settings)}.json"
    if kept.is_file():
        texts: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
        return texts
    manifest = project_manifest(DbtRunner(settings), "compile", "--select", "path:analyses")
    compiled = {
        node.name: node.compiled
        for node in manifest.values()
        if node.resource_type == "analysis" and node.compiled
    }
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("*.json"):
        old.unlink(missing_ok=True)
    written = kept.with_suffix(".new")
    written.write_text(json.dumps(compiled), encoding="utf-8")
    written.replace(kept)
    return compiled


def _fingerprint(settings: Settings) -> str:
    values = {
        name: value
        for name, value in settings.environment().items()
        if not name.startswith(WITHOUT_EFFECT)
    }
    files = [
        (str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for part in SOURCES_OF_SQL
        for path in _files(settings.project_dir / part)
    ]
    return hashlib.sha256(json.dumps([values, files]).encode()).hexdigest()[:16]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in (".sql", ".yml"))
    return [path] if path.is_file() else []
