"""What the integration tests share: private warehouses, and small dbt projects."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from google.cloud.bigquery import Client
from google.oauth2.credentials import Credentials

from orchestrator.bigquery.connect import Connection, private_local_warehouse
from orchestrator.dbt.loading import load_dbt
from orchestrator.local_warehouse import process
from orchestrator.settings.values import Settings
from tests.project_copy import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbt.cli.main import dbtRunnerResult
    from google.cloud.bigquery import QueryJobConfig

    from orchestrator.local_warehouse.state import Warehouse

ROOT = Path(__file__).resolve().parents[2]
# Of `concord resolve`, for tests that only look at clusters and pairs.
ONLY_MATCHING = ("--format", "none", "--no-report")
MINI_PROJECT = Path(__file__).parent / "mini_project"


def export_warehouse(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let the commands of a test find a warehouse by the environment."""
    for name, value in settings.environment().items():
        if name.startswith("CONCORD_WAREHOUSE_"):
            monkeypatch.setenv(name, value)


def client_of(warehouse: Warehouse, config: QueryJobConfig | None = None) -> Client:
    """Return a client of a local warehouse."""
    return Client(
        project="concord-local",
        credentials=Credentials(token=warehouse.token),
        client_options={"api_endpoint": warehouse.url},
        default_query_job_config=config,
    )


def run_dbt(folder: Path, *arguments: str) -> dbtRunnerResult:
    """Run dbt in a project, in this process."""
    load_dbt()
    from dbt.cli.main import dbtRunner

    places = ("--project-dir", str(folder), "--profiles-dir", str(folder))
    return dbtRunner().invoke([*arguments, *places, "--log-level-file", "none", "--quiet"])


def written_project(folder: Path, files: dict[str, str], *macros: str) -> Path:
    """Write a dbt project of these files, with the profile and some macros of this one."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "profiles.yml", folder)
    for name in macros:
        shutil.copytree(ROOT / "macros" / name, folder / "macros" / name)
    return folder


def statuses_of(result: dbtRunnerResult) -> dict[str, str]:
    """Return what every node came to, by its name."""
    assert result.exception is None, result.exception
    return {one.node.name: str(one.status) for one in result.result.results}


@pytest.fixture(scope="module")
def warehouse(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Return a warehouse of the project that a module makes with its fixture `folder`."""
    data_dir = tmp_path_factory.mktemp("warehouse")
    with process.ephemeral(
        data_dir, "concord-local", "1GB", project_dir=folder, state_dir=folder / STATE
    ) as running:
        yield running


@pytest.fixture
def use_warehouse(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """Let dbt find that warehouse by the environment."""
    for name in ("CONCORD_TARGET", "CONCORD_PROJECT", "CONCORD_WAREHOUSE_CHECK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in warehouse.variables().items():
        monkeypatch.setenv(name, value)
    return warehouse


@pytest.fixture(scope="session")
def mini_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dbt project with the real sources and the real profile."""
    folder = tmp_path_factory.mktemp("mini") / "project"
    shutil.copytree(MINI_PROJECT, folder)
    declared = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    with (folder / "dbt_project.yml").open("a", encoding="utf-8") as project:
        yaml.safe_dump({"vars": {"sources": declared["sources"]}}, project)
    shutil.copy(ROOT / "profiles.yml", folder)
    for pattern in ("staging/*/_*__sources.yml", "**/_*__docs.md"):
        for path in (ROOT / "models").glob(pattern):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return folder


@pytest.fixture(scope="session")
def connection(
    mini_project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """Return a connection to a warehouse that only this test session uses."""
    settings = Settings(project_dir=mini_project)
    folder = tmp_path_factory.mktemp("warehouse")
    with private_local_warehouse(settings, folder, "1GB") as opened:
        yield opened
