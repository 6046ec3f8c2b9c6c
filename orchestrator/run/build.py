"""`dbt build` with retries: node by node, as long as trying again can help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_result, wait_exponential_jitter

from orchestrator.bigquery.classify import classify_message
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.dbt.another_attempt import Decision, merge, next_attempt
from orchestrator.dbt.artifacts import owned, read_manifest
from orchestrator.dbt.runner import failed_nodes_text
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.dbt.runner import DbtResult, DbtRunner
    from orchestrator.run_log.run import Run
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


class Builder:
    """Runs the attempts of one build, and notes in the run what they come to."""

    def __init__(
        self,
        run: Run,
        runner: DbtRunner,
        settings: RetrySettings,
        sleep: Callable[[float], None],
        on_retry: Callable[[Retry], None],
    ) -> None:
        self._run = run
        self._runner = runner
        self._settings = settings
        self._sleep = sleep
        self._on_retry = on_retry

    def build(self, seconds_left: Callable[[], float]) -> None:
        """Make attempts until nothing is left that trying again could mend."""
        if self._run.todo is not None and not self._run.todo:
            return
        retrying = Retrying(
            retry=retry_if_result(lambda _: self._decision().cause is not None),
            wait=self._wait,
            stop=lambda call: call.upcoming_sleep >= seconds_left(),
            sleep=self._sleep,
            before_sleep=self._tell,
            retry_error_callback=lambda _: None,
        )
        retrying(self._attempt)

    def _attempt(self) -> None:
        run, decision = self._run, self._decision()
        if decision.cause is not None and not run.dbt_problem:
            run.retries += len(decision.failed)
            run.todo = decision.nodes
        run.attempts += 1
        if run.todo is None:
            answer = self._runner.invoke(*run.request.build_arguments())
        else:
            answer = self._runner.retry(run.todo, run.request.flags())
        self._take(answer)

    def _take(self, answer: DbtResult) -> None:
        run = self._run
        run.answer, run.dbt_problem, run.dbt_problem_class = answer, "", None
        if answer.nodes is not None:
            run.invocation_ids += (answer.invocation_id,)
            run.manifest = read_manifest(answer.target_path) or run.manifest
            run.node_by_id = merge(run.node_by_id, owned(answer.nodes, run.manifest))
        elif not answer.is_interrupted:
            problem = failed_nodes_text(answer)
            run.dbt_problem, run.dbt_problem_class = redact(problem), classify_message(problem)

    def _decision(self) -> Decision:
        run = self._run
        if run.attempts == 0 or run.is_interrupted:
            return Decision()
        if run.dbt_problem_class is not None:
            # dbt did not begin: once more, from the beginning.
            may = run.dbt_problem_class is ErrorClass.TRANSIENT
            may = may and run.attempts < self._settings.attempts
            return Decision(cause=run.dbt_problem_class if may else None)
        return next_attempt(run.node_by_id, run.manifest, self._settings)

    def _wait(self, call: RetryCallState) -> float:
        cause = self._decision().cause
        settings = self._settings
        if cause is ErrorClass.QUOTA:
            return settings.quota_wait_seconds
        first, longest = settings.first_wait_seconds, settings.longest_wait_seconds
        if cause is ErrorClass.CONFLICT:
            first = settings.conflict_first_wait_seconds
            longest = settings.conflict_longest_wait_seconds
        # Up to as much again at random: those who met once shall not meet again.
        return wait_exponential_jitter(initial=first, max=longest, jitter=first)(call)

    def _tell(self, call: RetryCallState) -> None:
        decision = self._decision()
        if decision.cause is not None:
            n_failed = len(decision.failed)
            n_waiting = len(decision.nodes) - n_failed
            wait, attempt = call.upcoming_sleep, self._run.attempts + 1
            self._on_retry(Retry(n_failed, n_waiting, decision.cause, wait, attempt))
