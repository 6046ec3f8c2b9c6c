"""A small night: the project of `project/`, a stand-in for BigQuery, and commands on them."""

from __future__ import annotations

import copy
import os
import shutil
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orchestrator.run_log.copies import read_copies
from orchestrator.run_log.rows import NODES, RUNS
from orchestrator.settings.values import Settings
from tests.faults.processes import Running, start, wait_until
from tests.faults.stand_in.server import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.stand_in.api import Call
    from tests.faults.stand_in.faults import Fault
    from tests.faults.stand_in.warehouse import Warehouse

ROOT: Final = Path(__file__).resolve().parents[2]
PROJECT: Final = Path(__file__).parent / "project"
DATASET: Final = "night"
MODELS: Final = "night_models"
PUBLISHED: Final = "night_published"
OPS: Final = "night_ops"
RAW: Final = ("raw_files", "people")
# Short waits of ours, so that a matrix of faults takes a minute and not an hour.
ENVIRONMENT: Final = {
    "CONCORD_DATASET": DATASET,
    "CONCORD_SOURCES": "files",
    "CONCORD_THREADS": "4",
    "CONCORD_RETRY_FIRST_WAIT_SECONDS": "0.1",
    "CONCORD_RETRY_LONGEST_WAIT_SECONDS": "0.4",
    "CONCORD_RETRY_CONFLICT_FIRST_WAIT_SECONDS": "0.1",
    "CONCORD_RETRY_CONFLICT_LONGEST_WAIT_SECONDS": "0.4",
    "CONCORD_RETRY_QUOTA_WAIT_SECONDS": "0.2",
    "CONCORD_LIMIT_GRACE_SECONDS": "2",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "NO_COLOR": "1",
}
# The profile's limits are minutes; nothing else of it is changed.
PROFILE_LIMITS: Final = {
    "job_creation_timeout_seconds: 60": "job_creation_timeout_seconds: 4",
    "job_retry_deadline_seconds: 600": "job_retry_deadline_seconds: 20",
}


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    exit_code: int
    seconds: float
    text: str
    run: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def attempts(self, node: str) -> int:
        """Return how often Concord started a node."""
        return int(self.nodes[node]["attempts"]) if node in self.nodes else 0


class Night:
    """One folder, one warehouse, any number of commands."""

    def __init__(self, folder: Path, stand_in: StandIn, **environment: str) -> None:
        self.folder = folder
        self.stand_in = stand_in
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("CONCORD_")
        }
        self.environment = {
            **inherited,
            **ENVIRONMENT,
            "CONCORD_WAREHOUSE_URL": stand_in.url,
            **environment,
        }

    @property
    def warehouse(self) -> Warehouse:
        """Return what the stand-in remembers."""
        return self.stand_in.api.warehouse

    @property
    def state(self) -> dict[str, tuple[str, ...]]:
        """Return what is in the tables that dbt builds and Concord publishes."""
        api = self.stand_in.api
        with api.lock:
            api.jobs.settle()
            return self.warehouse.state(MODELS, PUBLISHED)

    @property
    def state_of_models(self) -> dict[str, tuple[str, ...]]:
        """Return what is in the tables that dbt builds."""
        return {name: of for name, of in self.state.items() if name.startswith(f"{MODELS}.")}

    def start(self, *command: str, is_fresh: bool = False, **environment: str) -> Running:
        """Start a command and return while it runs."""
        self.logs.mkdir(exist_ok=True)
        output = self.logs / f"{time.monotonic_ns()}.txt"
        variables = {**self.environment, **environment}
        return start(command, variables, self.folder, output, is_fresh=is_fresh)

    def finish(self, running: Running) -> Outcome:
        """Wait for a command and gather what became of it."""
        code = running.wait()
        seconds = time.monotonic() - running.started
        copies = read_copies(self.settings, 1)
        run = copies[0][RUNS][0] if copies else {}
        nodes = {row["name"]: row for row in copies[0][NODES]} if copies else {}
        return Outcome(code, seconds, running.text, run, nodes)

    def concord(self, *arguments: str, is_fresh: bool = False, **environment: str) -> Outcome:
        """Run `concord ...` to its end."""
        return self.finish(self.start("concord", *arguments, is_fresh=is_fresh, **environment))

    def dbt(self, *arguments: str, **environment: str) -> Outcome:
        """Run plain `dbt ...` to its end."""
        return self.finish(self.start("dbt", *arguments, is_fresh=False, **environment))

    @property
    def settings(self) -> Settings:
        """Return the settings that tell where the run log is."""
        return Settings(project_dir=self.folder, dataset=DATASET, sources=("files",))

    @property
    def logs(self) -> Path:
        """Return the folder of the outputs."""
        return self.folder / "outputs"

    def calls(self, endpoint: str, node: str | None = None) -> list[Call]:
        """Return the calls that arrived."""
        return [
            call
            for call in list(self.stand_in.api.calls)
            if call.endpoint == endpoint and (node is None or call.node == node)
        ]

    def wait_for(self, endpoint: str, node: str) -> Call:
        """Wait until a call arrives, and return the newest one."""
        wait_until(lambda: bool(self.calls(endpoint, node)))
        return self.calls(endpoint, node)[-1]

    def let_end(self, node: str) -> None:
        """Let the slow jobs of a node end now."""
        with self.stand_in.api.lock:
            self.stand_in.api.jobs.end(node)

    def script(self, *faults: Fault) -> None:
        """Set the faults of what follows."""
        self.stand_in.script(faults)


def make_project(folder: Path) -> Path:
    """Write the project with the real profile and the real sources file of one source."""
    shutil.copytree(PROJECT, folder)
    profile = (ROOT / "profiles.yml").read_text(encoding="utf-8")
    for limit, shorter in PROFILE_LIMITS.items():
        if limit not in profile:
            raise ValueError(f"profiles.yml says no longer '{limit}'")
        profile = profile.replace(limit, shorter)
    (folder / "profiles.yml").write_text(profile, encoding="utf-8")
    sources = Path("models/staging/files/_files__sources.yml")
    (folder / sources).parent.mkdir(parents=True)
    shutil.copy(ROOT / sources, folder / sources)
    return folder


class Nights:
    """Makes nights that all begin after one good night, with new data to build from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = make_project(folder / "template")
        self._warehouse: Warehouse | None = None
        self._open: list[StandIn] = []
        self._numbers = count()
        self.undisturbed: dict[str, tuple[str, ...]] = {}
        self.undisturbed_seconds = 0.0
        self._begin()

    def _begin(self) -> None:
        """Run the good night, and the next one without a fault, for comparison."""
        with StandIn() as stand_in:
            first = Night(self._template, stand_in).concord("run")
            if first.exit_code:
                raise RuntimeError(f"the first night failed ({first.exit_code})\n{first.text}")
            self._warehouse = copy.deepcopy(stand_in.api.warehouse)
            shutil.rmtree(self._template / "outputs")
        night = self.night()
        second = night.concord("run")
        if second.exit_code:
            raise RuntimeError(f"the night without a fault failed\n{second.text}")
        self.undisturbed, self.undisturbed_seconds = night.state, second.seconds

    @property
    def undisturbed_models(self) -> dict[str, tuple[str, ...]]:
        """Return what is in the tables that dbt builds after a night without a fault."""
        return {name: of for name, of in self.undisturbed.items() if name.startswith(f"{MODELS}.")}

    def night(self, faults: Iterable[Fault] = (), **environment: str) -> Night:
        """Return a night of its own: its project, its warehouse, its faults."""
        stand_in = StandIn(faults)
        warehouse = copy.deepcopy(self._warehouse)
        if warehouse is None:
            raise RuntimeError("there was no first night")
        warehouse.change(RAW, "the data of the next night")
        warehouse.writes.clear()
        stand_in.api.use(warehouse)
        self._open.append(stand_in.__enter__())
        folder = self._folder / f"night{next(self._numbers):03}"
        shutil.copytree(self._template, folder)
        # The runs of the first night are not this project's.
        for name in ("dbt", "runs"):
            shutil.rmtree(folder / ".concord" / name, ignore_errors=True)
        return Night(folder, stand_in, **environment)

    def close(self) -> None:
        """Stop the stand-ins."""
        for stand_in in self._open:
            stand_in.__exit__(None, None, None)
