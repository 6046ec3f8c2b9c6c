"""`dbt build` with retries: node by node, as long as trying again can help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_result, wait_exponential_jitter

from orchestrator.dbt.another_attempt import Decision, NodeState, merge, next_attempt
from orchestrator.dbt.artifacts import read_manifest
from orchestrator.dbt.classify import classify_message
from orchestrator.dbt.error_classes import ErrorClass
from orchestrator.dbt.runner import failed_nodes_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.dbt.runner import DbtResult, DbtRunner
    from orchestrator.run.request import RunRequest
    from orchestrator.settings.groups import RetrySettings


@dataclass(frozen=True, slots=True)
class Retry:
    """What is told to whoever watches: so many nodes start again after that wait.

    `n_waiting` nodes were skipped for them and follow.
    """

    n_failed: int
    n_waiting: int
    cause: ErrorClass
    seconds: float
    attempt: int


@dataclass(slots=True)
class Build:
    """How a build stands. `problem` says why dbt could not even begin."""

    states: dict[str, NodeState] = field(default_factory=dict)
    manifest: Mapping[str, ManifestNode] = field(default_factory=dict)
    attempts: int = 0
    retries: int = 0
    problem: str = ""
    problem_class: ErrorClass | None = None
    is_interrupted: bool = False
    invocation_ids: tuple[str, ...] = ()
    target_path: Path | None = None
    # The nodes to go on with; None: all that the request selects.
    todo: frozenset[str] | None = None

    @property
    def failed(self) -> tuple[NodeState, ...]:
        """Return the nodes whose last attempt failed."""
        return tuple(state for state in self.states.values() if state.error_class is not None)

    @property
    def is_success(self) -> bool:
        """Say whether everything that was selected was built and found good."""
        return not (self.problem or self.is_interrupted or self.failed)


class Builder:
    """Runs the attempts of one build."""

    def __init__(
        self,
        runner: DbtRunner,
        request: RunRequest,
        settings: RetrySettings,
        sleep: Callable[[float], None],
        on_retry: Callable[[Retry], None],
    ) -> None:
        self._runner = runner
        self._request = request
        self._settings = settings
        self._sleep = sleep
        self._on_retry = on_retry

    def run(self, build: Build, seconds_left: Callable[[], float]) -> Build:
        """Run attempts until nothing is left that trying again could fix."""
        if build.todo is not None and not build.todo:
            return build
        retrying = Retrying(
            retry=retry_if_result(lambda _: self._decision(build).cause is not None),
            wait=lambda call: self._wait(build, call),
            stop=lambda call: call.upcoming_sleep >= seconds_left(),
            sleep=self._sleep,
            before_sleep=lambda call: self._tell(build, call),
            retry_error_callback=lambda _: build,
        )
        retrying(self._attempt, build)
        return build

    def _attempt(self, build: Build) -> None:
        decision = self._decision(build)
        if decision.cause is not None and not build.problem:
            build.retries += len(decision.failed)
            build.todo = decision.nodes
        build.attempts += 1
        if build.todo is None:
            result = self._runner.invoke(*self._request.build_arguments())
        else:
            result = self._runner.retry(build.todo, self._request.flags())
        self._take(build, result)

    def _take(self, build: Build, result: DbtResult) -> None:
        build.target_path = result.target_path
        build.is_interrupted = result.is_interrupted
        build.problem, build.problem_class = "", None
        if result.results is not None:
            build.states = merge(build.states, result.results.nodes)
            build.invocation_ids += (result.results.invocation_id,)
            build.manifest = read_manifest(result.target_path) or build.manifest
        elif not result.is_interrupted:
            build.problem = failed_nodes_text(result)
            build.problem_class = classify_message(build.problem)

    def _decision(self, build: Build) -> Decision:
        if build.attempts == 0 or build.is_interrupted:
            return Decision()
        if build.problem_class is not None:
            # dbt did not begin: once more, from the beginning.
            may = build.problem_class is ErrorClass.TRANSIENT
            may = may and build.attempts < self._settings.attempts
            return Decision(cause=build.problem_class if may else None)
        return next_attempt(build.states, build.manifest, self._settings)

    def _wait(self, build: Build, call: RetryCallState) -> float:
        cause = self._decision(build).cause
        settings = self._settings
        if cause is ErrorClass.QUOTA:
            return settings.quota_wait_seconds
        first, longest = settings.first_wait_seconds, settings.longest_wait_seconds
        if cause is ErrorClass.CONFLICT:
            first = settings.conflict_first_wait_seconds
            longest = settings.conflict_longest_wait_seconds
        # Up to as much again at random: those who met once shall not meet again.
        return wait_exponential_jitter(initial=first, max=longest, jitter=first)(call)

    def _tell(self, build: Build, call: RetryCallState) -> None:
        decision = self._decision(build)
        if decision.cause is not None:
            n_failed = len(decision.failed)
            n_waiting = len(decision.nodes) - n_failed
            wait, attempt = call.upcoming_sleep, build.attempts + 1
            self._on_retry(Retry(n_failed, n_waiting, decision.cause, wait, attempt))
