"""Where dbt_project.yml is, and the sources that it declares, with raw tables and staging models.

The only place that names them: dbt's models and Terraform read it as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from orchestrator.errors import ConfigurationError

PROJECT_FILE: Final = "dbt_project.yml"


def find_project_dir(start: Path | None = None) -> Path:
    """Return the nearest folder at or above `start` that holds the dbt project."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise ConfigurationError(
        f"no {PROJECT_FILE} in {here} or above it",
        "change into the project's folder, or set CONCORD_PROJECT_DIR to it",
    )


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
