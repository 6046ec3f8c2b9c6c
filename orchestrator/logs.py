"""Log lines: JSON in the shape of Cloud Logging, or lines for people; never a value of data."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import TextIO

    from structlog.typing import FilteringBoundLogger, Processor

    from orchestrator.dbt.build import Retry
    from orchestrator.run_log.record import RunRecord
    from orchestrator.settings.values import Settings

LABELS: Final = ("run_id", "target")
TRACE: Final = "logging.googleapis.com/trace"
# Our own words and numbers: a mask could only do harm.
_OWN: Final = frozenset({*LABELS, "time", "severity", "level", TRACE})


def get_logger() -> FilteringBoundLogger:
    """Return the logger of all modules."""
    import structlog

    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def log_retry(retry: Retry) -> None:
    """Write that nodes start again, why, and after which wait."""
    get_logger().warning(
        "trying again",
        nodes=retry.n_failed,
        waiting=retry.n_waiting,
        cause=str(retry.cause),
        seconds=round(retry.seconds, 1),
        attempt=retry.attempt,
    )


def log_outcome(record: RunRecord, limit: int = 50) -> None:
    """Write what became of a run: a line a failed node, and one for the whole."""
    logger = get_logger()
    for node in record.failed[:limit]:
        logger.error(
            "node failed",
            node=node.name,
            error_class=str(node.error_class),
            attempts=node.attempts,
            cause=node.message,
        )
    write = logger.info if record.status == "success" else logger.error
    write(
        "run ends",
        status=record.status,
        exit_code=record.exit_code,
        seconds=round(record.seconds, 1),
        nodes=len(record.nodes),
        failed=len(record.failed),
        retries=record.retries,
        bytes_billed=sum(node.bytes_billed or 0 for node in record.nodes),
        cause=record.problem,
    )


def is_json(settings: Settings, *, is_terminal: bool) -> bool:
    """Say whether the lines are for a machine."""
    if settings.log.format == "auto":
        return not (is_terminal or settings.is_local)
    return settings.log.format == "json"


def configure_logs(settings: Settings, run_id: str, stream: TextIO, *, is_terminal: bool) -> None:
    """Set up the lines of a run on a stream. Every line carries the run and the target."""
    import structlog

    as_json = is_json(settings, is_terminal=is_terminal)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(run_id=run_id, target=settings.target)
    level = logging.getLevelNamesMapping()[settings.log.level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            _without_data,
            *(_for_machines(settings) if as_json else _for_people(is_terminal=is_terminal)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_Unbreakable(stream)),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )
    # Google's libraries cut their logger off from the root; cut off at once, no line comes twice.
    logging.getLogger("google").propagate = False
    for name in ("", "google"):
        logger = logging.getLogger(name)
        logger.handlers = [h for h in logger.handlers if not isinstance(h, _FromLibraries)]
        logger.addHandler(_FromLibraries(logging.WARNING))


def bind_run(run_id: str) -> None:
    """Let every line from here on carry the run."""
    import structlog

    structlog.contextvars.bind_contextvars(run_id=run_id)


def _for_machines(settings: Settings) -> tuple[Processor, ...]:
    import structlog

    trace = settings.log.trace
    if trace and "/" not in trace:
        trace = f"projects/{settings.project}/traces/{trace}"

    def shape(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        labels = {name: event.pop(name) for name in LABELS if name in event}
        level, message = event.pop("level").upper(), event.pop("event")
        shaped = {"severity": level, "message": message, "time": event.pop("time"), **event}
        if "exception" in shaped:
            # The name that Error Reporting looks for.
            shaped["stack_trace"] = shaped.pop("exception")
        shaped["logging.googleapis.com/labels"] = labels
        return shaped | {TRACE: trace} if trace else shaped

    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
    return stamp, shape, structlog.processors.JSONRenderer()


def _for_people(*, is_terminal: bool) -> tuple[Processor, ...]:
    import structlog

    def drop_labels(
        _: object, __: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {name: value for name, value in event.items() if name not in LABELS}

    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
    return drop_labels, stamp, structlog.dev.ConsoleRenderer(colors=is_terminal)


def _without_data(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value if name in _OWN else _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:  # noqa: ANN401 - whatever is logged
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {redact(str(name)): _masked(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(part) for part in value]
    return redact(str(value))


class _Unbreakable:
    """A stream whose disk may be full, or whose reader may be gone: only lines get lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


class _FromLibraries(logging.Handler):
    """Warnings of libraries become lines like ours."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):
            get_logger().log(record.levelno, record.getMessage(), library=record.name)
