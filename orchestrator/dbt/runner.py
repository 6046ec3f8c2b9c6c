"""Runs dbt inside this process. Only this module, `loading` and `manifest_part` import dbt.

Concurrent invocations share state inside dbt: run one at a time.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.dbt.artifacts import read_manifest, read_run_results
from orchestrator.dbt.events import EventListener, NodeStarted, Pulse
from orchestrator.dbt.loading import load_dbt
from orchestrator.dbt.manifest_part import read_part
from orchestrator.dbt.masked_at_rest import mask_artifacts
from orchestrator.dbt.node_text import MOST_FAILURES, failure_text
from orchestrator.dbt.parse_cache import ParseCache
from orchestrator.dbt.retry_state import write_dbt_state
from orchestrator.errors import RunFailed
from orchestrator.interruption import sigterm_as_interrupt
from orchestrator.local_warehouse.private_files import private_folder
from orchestrator.settings.values import Settings, exported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.dbt.node import Node
    from orchestrator.dbt.request import RunRequest

# Of commands like `concord plan`; other ones may run at the same time.
KEPT_FOLDERS: Final = 5
# What `dbt build` builds or runs.
BUILT: Final = frozenset({"model", "seed", "snapshot", "test"})


@dataclass(frozen=True, slots=True)
class DbtResult:
    """What dbt answered to one command.

    `nodes` is None when dbt wrote no results: it could not even begin.
    """

    command: tuple[str, ...]
    is_success: bool
    is_interrupted: bool
    problem: str
    target_path: Path
    nodes: tuple[Node, ...] | None
    invocation_id: str = ""
    # What `dbt ls` lists.
    listed: tuple[str, ...] = ()


class DbtRunner:
    """Runs dbt commands with the given settings, each with a target path of its own."""

    def __init__(
        self,
        settings: Settings,
        attempts_dir: Path | None = None,
        on_node: Callable[[NodeStarted], None] | None = None,
        run_id: str = "none",
        part: Path | None = None,
    ) -> None:
        """With a `part`, dbt takes the manifest in that file for the project."""
        self._settings = settings
        self._part = part
        # Read by `query-comment` of dbt_project.yml.
        self._variables = settings.environment() | {"CONCORD_RUN_ID": run_id}
        # Not among the runs: those are kept as long as somebody may go on with them.
        self._keeps_all = attempts_dir is not None
        self._attempts_dir = attempts_dir or settings.state_dir / "dbt_commands"
        self._on_node = on_node
        self._parse_cache = ParseCache(settings)
        self.pulse = Pulse()

    def invoke(self, *arguments: str) -> DbtResult:
        """Run one dbt command and return its result; no failure of dbt raises."""
        return self._invoke(self._new_target_path(), arguments)

    def retry(self, nodes: Iterable[str], flags: Mapping[str, Any]) -> DbtResult:
        """Run exactly these nodes, as the command that the flags describe would."""
        target_path = self._new_target_path()
        state = target_path / "state"
        # The flags of the first command count; of those given to `dbt retry`, only the paths do.
        write_dbt_state(state, nodes, {**flags, **self._shared_flags()})
        return self._invoke(target_path, ("retry", "--state", str(state)))

    def selected(self, request: RunRequest, *more: str) -> frozenset[str]:
        """Return the unique ids of what a request builds; `more` are options of `dbt ls`."""
        options = ("--quiet", "--output", "json", "--output-keys", "unique_id", *more)
        result = self.invoke("ls", *request.selection(), *options)
        if not result.is_success:
            raise RunFailed(
                f"dbt could not list what to build\n{result.problem}",
                f"correct the project or the settings; dbt's log is in {result.target_path}",
            )
        names = (json.loads(line)["unique_id"] for line in result.listed)
        # `dbt ls` names sources as well; `dbt retry` breaks when it is told to run one.
        return frozenset(name for name in names if name.split(".", 1)[0] in BUILT)

    def _invoke(self, target_path: Path, arguments: tuple[str, ...]) -> DbtResult:
        load_dbt()
        from dbt.cli.main import dbtRunner

        command = (*arguments, *self._common_options(target_path))
        self.pulse.beat()
        with (
            exported(self._variables),
            sigterm_as_interrupt(),
            EventListener(target_path, self.pulse, self._on_node) as listener,
        ):
            manifest = read_part(self._part) if self._part else None
            runner = dbtRunner(manifest=manifest, callbacks=[listener.receive])
            outcome = runner.invoke(list(command))
        self._parse_cache.keep(target_path)
        invocation_id, nodes = read_run_results(target_path) or ("", None)
        # The messages of a warehouse quote values.
        mask_artifacts(target_path)
        exception = outcome.exception
        return DbtResult(
            command=tuple(arguments),
            is_success=bool(outcome.success),
            is_interrupted=isinstance(exception, KeyboardInterrupt),
            problem=str(exception).strip() if exception else "",
            target_path=target_path,
            nodes=nodes,
            invocation_id=invocation_id,
            listed=tuple(outcome.result) if arguments[0] == "ls" and outcome.success else (),
        )

    def _common_options(self, target_path: Path) -> tuple[str, ...]:
        folder = str(self._settings.project_dir)
        options = [
            *("--project-dir", folder),
            *("--profiles-dir", folder),
            *("--target-path", str(target_path)),
            *("--log-path", str(target_path)),
        ]
        for name, value in self._shared_flags().items():
            options += [f"--{name.replace('_', '-')}", value]
        return tuple(options)

    def _shared_flags(self) -> dict[str, str]:
        return {
            "target": self._settings.target,
            "log_level": "none",
            "log_level_file": "info",
            **self._parse_cache.flags(),
        }

    def _new_target_path(self) -> Path:
        # Usage and parse errors leave old results in place, so each attempt gets a new folder.
        # Named by time, so that the names sort by age.
        folder = self._attempts_dir / datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        # One of an earlier version could be read by others.
        private_folder(self._settings.state_dir)
        folder.mkdir(parents=True)
        if not self._keeps_all:
            for old in sorted(self._attempts_dir.iterdir())[:-KEPT_FOLDERS]:
                shutil.rmtree(old, ignore_errors=True)
        return folder


def failed_nodes_text(result: DbtResult) -> str:
    """Say in a few lines why an invocation failed."""
    failed = [node for node in result.nodes or () if node.has_failed]
    if not failed:
        return result.problem or "dbt gave no reason"
    lines = [failure_text(node.name, node.status, node.message) for node in failed[:MOST_FAILURES]]
    if len(failed) > MOST_FAILURES:
        lines.append(f"and {len(failed) - MOST_FAILURES} more")
    return "\n".join(lines)


def project_manifest(runner: DbtRunner, *arguments: str) -> dict[str, ManifestNode]:
    """Run `dbt parse` or another command that writes a manifest, and read it."""
    result = runner.invoke(*arguments)
    if not result.is_success:
        raise RunFailed(
            f"dbt could not read the project\n{failed_nodes_text(result)}",
            f"correct the project or the settings; dbt's log is in {result.target_path}",
        )
    return read_manifest(result.target_path)
