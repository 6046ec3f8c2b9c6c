"""What is imported is required, and the nightly run does without the local warehouse."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.settings.project_files import PROJECT_PARTS, copy_fresh_project

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
# Modules that only the process of the local warehouse imports.
LOCAL: Final = ("door", "fixes", "configured_server.py", "server.py")
# What only the service of `concord serve` imports.
SERVICE: Final = ("search.py", "lookup.py")
NAMED_OTHERWISE: Final = {
    "dbt": "dbt-core",
    "google.cloud.bigquery_storage": "google-cloud-bigquery-storage",
    "google.cloud.logging_v2": "google-cloud-logging",
    "google.cloud.secretmanager": "google-cloud-secret-manager",
    "google.resumable_media": "google-resumable-media",
    "google.oauth2": "google-auth",
    "google.protobuf": "protobuf",
    "opentelemetry": "opentelemetry-sdk",
    "vl_convert": "vl-convert-python",
    "yaml": "pyyaml",
}


def modules() -> Iterator[Path]:
    """Yield the modules that run in the cloud too."""
    for path in sorted((ROOT / "orchestrator").rglob("*.py")):
        inside = path.relative_to(ROOT / "orchestrator").parts
        is_local = inside[0] == "local_warehouse" and inside[1] in LOCAL
        is_service = inside[0] == "api" or (inside[0] == "serving" and inside[1] in SERVICE)
        if not (is_local or is_service):
            yield path


def imported(path: Path) -> Iterator[str]:
    """Yield the packages of others that a module imports, Google's with their second name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{one.name}" for one in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] in sys.stdlib_module_names or parts[0] in ("orchestrator", "dbt_concord"):
                continue
            if parts[0] == "google":
                yield ".".join(parts[: 3 if parts[1] == "cloud" else 2])
            else:
                yield parts[0]


def distribution(package: str) -> str:
    """Return the name under which a package is required."""
    if package in NAMED_OTHERWISE:
        return NAMED_OTHERWISE[package]
    return package.replace(".", "-").replace("_", "-")


def test_everything_that_the_nightly_run_imports_is_in_its_requirements() -> None:
    pinned = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    required = set(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", pinned, re.MULTILINE))
    missing = {
        (package, path.name)
        for path in modules()
        for package in imported(path)
        if distribution(package) not in required
    }
    assert missing == set()
    assert "bqemulator" not in required


def test_every_module_of_the_nightly_run_can_be_imported_without_the_local_warehouse() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in modules()
        if path.name not in ("__init__.py", "__main__.py")
    ]
    code = (
        "import importlib, sys\n"
        "for name in ('bqemulator', 'sqlglot', 'rapidfuzz'): sys.modules[name] = None\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_what_the_service_imports_is_in_its_list_or_in_that_of_the_run() -> None:
    required = {
        line.split("==")[0]
        for name in ("runtime.in", "serve.in")
        for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    }
    # What FastAPI and Google's client are made of comes with them.
    required |= {"starlette", "google-api-core"}
    paths = [*(ROOT / "orchestrator" / "api").rglob("*.py")]
    paths += [ROOT / "orchestrator" / "serving" / name for name in SERVICE]
    missing = {
        (package, path.name)
        for path in paths
        for package in imported(path)
        if distribution(package).replace("google.", "google-") not in required
    }
    assert missing == set()


def test_the_package_requires_all_lists() -> None:
    lines = [
        line
        for name in ("runtime.in", "local.in", "serve.in")
        for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    required = metadata.requires("concord-entity-resolution") or []
    assert {re.split(r"[=<>]", line)[0] for line in lines} == {
        re.split(r"[=<>;\s]", one)[0].lower() for one in required
    }


def test_a_copy_of_the_project_holds_its_parts_and_nothing_of_an_earlier_copy(
    tmp_path: Path,
) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "old.sql").write_text("select 1")
    copy_fresh_project(ROOT, tmp_path / "copy")
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == sorted(
        {part.split("/")[0] for part in PROJECT_PARTS}
    )
    assert not list((tmp_path / "copy").rglob("__pycache__"))
    assert [path.name for path in (tmp_path / "copy" / "tests").iterdir()] == ["dbt"]


@pytest.mark.parametrize("part", PROJECT_PARTS)
def test_the_image_is_built_from_every_part(part: str) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    assert part in " ".join(copied).split()
    manifest = (ROOT / "MANIFEST.in").read_text(encoding="utf-8")
    assert re.search(rf"^(graft|include .*?\b){re.escape(part)}\b|\b{re.escape(part)}\b", manifest)
