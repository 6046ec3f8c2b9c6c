"""A copy of the project for many nights: what no id and no golden record needs is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from orchestrator.dbt.runner import DbtRunner, project_manifest
from tests.project_copy import copy_project, share_translations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.settings.values import Settings

# What is published here. All models before them are built as they are.
WANTED: Final = frozenset(
    {
        *("dim_persons", "dim_companies", "bridge_person_records", "bridge_company_records"),
        *("entity_events", "entity_aliases", "entity_id_changes", "person_contact_points"),
        *("decision_audit", "decision_conflicts"),
    }
)
# What `concord run` itself reads: what it commits, and what it keeps of a model.
READ: Final = ("_ledger_rows", "_model_frequencies", "_model_record")
OWN_TABLES: Final = "stg_concord_ops__"


def lean_project(folder: Path) -> Path:
    """Copy the project; publishes only what is wanted, and has neither unit tests nor exposures."""
    project = copy_project(folder)
    share_translations(project)
    for path in sorted((project / "models").rglob("*.yml")):
        if path.name == "_exposures.yml" or path.name.endswith("_unit_tests.yml"):
            path.unlink()
            continue
        declared: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for model in declared.get("models", ()):
            if model["name"] not in WANTED:
                model.get("config", {}).get("meta", {}).pop("published", None)
        path.write_text(yaml.safe_dump(declared, sort_keys=False), encoding="utf-8")
    return project


def left_out(settings: Settings) -> tuple[str, ...]:
    """Return the models that nothing wanted is built from, as selections to exclude.

    Tests beside models are left out as well. Those of the whole project that read only what is
    built stay, and have to pass before a night is accepted.
    """
    manifest = project_manifest(DbtRunner(settings), "parse")
    todo = [
        node.unique_id
        for node in manifest.values()
        if node.resource_type == "model" and (node.name in WANTED or node.name.endswith(READ))
    ]
    needed: set[str] = set()
    while todo:
        current = todo.pop()
        if current in manifest and current not in needed:
            needed.add(current)
            todo += manifest[current].depends_on
    return (
        *sorted(_names_without(manifest, needed)),
        *("resource_type:test,path:models", "resource_type:test,path:seeds"),
    )


def _names_without(manifest: Mapping[str, ManifestNode], needed: set[str]) -> set[str]:
    """Return the models that are not needed, and the tests of the project that read one."""
    found = set()
    for node in manifest.values():
        read = {one for one in node.depends_on if one.startswith("model.")}
        is_model = node.resource_type == "model" and node.unique_id not in needed
        # Without a promoted model the first night reads no kept one; those after it do.
        is_model = is_model and not node.name.startswith(OWN_TABLES)
        is_test = node.resource_type == "test" and node.name.startswith("assert_")
        if is_model or (is_test and not read <= needed):
            found.add(node.name)
    return found
