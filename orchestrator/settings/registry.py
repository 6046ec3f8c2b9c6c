"""Where dbt_project.yml is, and the sources that it declares, with raw tables and staging models.

The only place that names them: dbt's models and Terraform read it as well.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from orchestrator.errors import ConfigurationError
from orchestrator.settings.project_files import PACKAGED_PROJECT

PROJECT_FILE: Final = "dbt_project.yml"
# Somebody may stand in a dbt project of their own: it has another name.
_NAME: Final = re.compile(r"""^name:\s*["']?(\w+)""", re.MULTILINE)
_OWN_NAME: Final = "concord"


def find_project_dir(start: Path | None = None, packaged: Path = PACKAGED_PROJECT) -> Path:
    """Return the nearest folder at or above `start` that holds Concord's dbt project.

    Where there is none, the copy that the installed package holds.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if _is_project(folder / PROJECT_FILE):
            return folder
    if (packaged / PROJECT_FILE).is_file():
        return packaged
    raise ConfigurationError(
        f"no {PROJECT_FILE} of Concord in {here} or above it",
        "change into the project's folder, or set CONCORD_PROJECT_DIR to it",
    )


def _is_project(file: Path) -> bool:
    if not file.is_file():
        return False
    found = _NAME.search(file.read_text(encoding="utf-8", errors="replace"))
    # One that cannot be read is named later, with what is wrong with it.
    return found is None or found.group(1) == _OWN_NAME


def declared_sources(project_dir: Path) -> tuple[str, ...]:
    """Return the names of the sources, in their order."""
    return tuple(_registry(project_dir))


def staging_models(project_dir: Path) -> dict[tuple[str, str], str]:
    """Return the staging model of every source and raw table."""
    return {
        (source, table): f"stg_{source}__{staged}"
        for source, declared in _registry(project_dir).items()
        for table, staged in declared["tables"].items()
    }


def _registry(project_dir: Path) -> dict[str, dict[str, Any]]:
    import yaml

    path = project_dir / PROJECT_FILE
    if not path.is_file():
        return {}
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        sources: dict[str, dict[str, Any]] = document.get("vars", {}).get("sources", {})
        is_usable = all(isinstance(declared["tables"], dict) for declared in sources.values())
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise _unusable(path) from error
    if not is_usable:
        raise _unusable(path)
    return sources


def _unusable(path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"the sources of {path} cannot be read",
        "give every source below `vars: sources:` its `tables:`, as the others have them",
    )
