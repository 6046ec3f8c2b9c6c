"""Log lines: JSON in the shape of Cloud Logging, or lines for people; never a value of data."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from orchestrator.logs.google_handlers import sent, structured
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import TextIO

    from structlog.typing import FilteringBoundLogger, Processor

    from orchestrator.settings.values import Settings

# Our own words and numbers: a mask could only do harm.
LABELS: Final = ("run_id", "target")
# Who did it: an issuer's name for somebody can be a long number, and look like a telephone's.
_KEPT: Final = (*LABELS, "subject")
_NAME: Final = "orchestrator"
_LIBRARIES: Final = ("", "google")


def get_logger() -> FilteringBoundLogger:
    """Return the logger of all modules."""
    import structlog

    logger: FilteringBoundLogger = structlog.get_logger(_NAME)
    return logger


def is_json(settings: Settings, *, is_terminal: bool) -> bool:
    """Say whether the lines are for a machine."""
    if settings.log.format == "auto":
        return not (is_terminal or settings.is_local)
    return settings.log.format in {"json", "cloud"}


def configure_logs(settings: Settings, stream: TextIO, *, is_terminal: bool) -> None:
    """Set up the lines on a stream. Every line carries the target, and the run once it is known."""
    import structlog

    end_logs()
    as_json = is_json(settings, is_terminal=is_terminal)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(run_id="", target=settings.target)
    # A line that cannot be written is lost, and that is all.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            _without_data,
            *(_for_machines(settings) if as_json else _for_people(is_terminal=is_terminal)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    own = logging.getLogger(_NAME)
    own.setLevel(settings.log.level)
    own.propagate = False
    own.addHandler(structured(stream) if as_json else logging.StreamHandler(stream))
    if settings.log.format == "cloud":
        try:
            own.addHandler(sent(settings))
        except Exception as error:  # noqa: BLE001 - the lines on the stream are enough for a run
            get_logger().warning("no lines are sent to Cloud Logging", problem=str(error))
    # Google's libraries cut their logger off from the root; cut off at once, no line comes twice.
    logging.getLogger("google").propagate = False
    for name in _LIBRARIES:
        logging.getLogger(name).addHandler(_FromLibraries(logging.WARNING))


def end_logs() -> None:
    """Send what waits, for a moment at most; a line that is written later goes nowhere."""
    for name in (_NAME, *_LIBRARIES):
        logger = logging.getLogger(name)
        for handler in (*logger.handlers,):
            if name == _NAME or isinstance(handler, _FromLibraries):
                logger.removeHandler(handler)
                handler.close()


def bind_run(run_id: str) -> None:
    """Let every line from here on carry the run."""
    import structlog

    structlog.contextvars.bind_contextvars(run_id=run_id)


def _for_machines(settings: Settings) -> tuple[Processor, ...]:
    from structlog.processors import CallsiteParameter, CallsiteParameterAdder

    of_source = {
        "file": CallsiteParameter.PATHNAME,
        "line": CallsiteParameter.LINENO,
        "function": CallsiteParameter.FUNC_NAME,
    }
    trace = settings.log.trace
    if trace and "/" not in trace:
        trace = f"projects/{settings.project}/traces/{trace}"

    def as_record(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        labels = {name: event.pop(name) for name in LABELS if name in event}
        message = event.pop("event")
        if "exception" in event:
            # The name that Error Reporting looks for.
            event["stack_trace"] = event.pop("exception")
        source = {name: event.pop(found.value) for name, found in of_source.items()}
        extra = {"json_fields": event, "labels": labels, "source_location": source}
        return {"msg": message, "extra": extra | ({"trace": trace} if trace else {})}

    return CallsiteParameterAdder(set(of_source.values())), as_record


def _for_people(*, is_terminal: bool) -> tuple[Processor, ...]:
    import structlog

    def drop_labels(
        _: object, __: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {name: value for name, value in event.items() if name not in LABELS}

    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
    renderer = structlog.dev.ConsoleRenderer(colors=is_terminal)
    return structlog.processors.add_log_level, drop_labels, stamp, renderer


def _without_data(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value if name in _KEPT else _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:  # noqa: ANN401 - whatever is logged
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {redact(str(name)): _masked(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(part) for part in value]
    return redact(str(value))


class _FromLibraries(logging.Handler):
    """Warnings of libraries become lines like ours."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):
            get_logger().log(record.levelno, record.getMessage(), library=record.name)
