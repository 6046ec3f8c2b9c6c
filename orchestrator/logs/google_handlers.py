"""Google's handlers: lines in the shape that its agents read, and lines sent to Cloud Logging."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import logging
    from typing import TextIO

    from orchestrator.settings.values import Settings

# The name of the log in Cloud Logging.
LOG_NAME: Final = "concord"
# For what is left to send when a command ends.
GRACE_SECONDS: Final = 2.0
_SENDER: Final = "google.cloud.logging"


def structured(stream: TextIO) -> logging.Handler:
    """Return the handler that writes lines in the shape that Google's agents read."""
    from google.cloud import logging_v2
    from google.cloud.logging_v2.handlers import StructuredLogHandler

    class Lines(StructuredLogHandler):
        def format(self, record: logging.LogRecord) -> str:
            # Where no agent stamps a line when it comes, as in a file.
            time = datetime.fromtimestamp(record.created, UTC).isoformat()
            line: str = super().format(record)  # type: ignore[no-untyped-call]
            return f'{{"time": "{time}", {line[1:]}'

    # Not a line about the library in front of all others.
    logging_v2._instrumentation_emitted = True  # noqa: SLF001
    return Lines(stream=stream)  # type: ignore[no-untyped-call]


def sent(settings: Settings) -> logging.Handler:
    """Return the handler that sends lines to Cloud Logging, on a thread that nobody waits for."""
    from google.cloud.logging_v2 import Client, Resource
    from google.cloud.logging_v2.handlers import CloudLoggingHandler
    from google.cloud.logging_v2.handlers.transports import BackgroundThreadTransport

    from orchestrator.bigquery.credentials import google_credentials

    class Background(BackgroundThreadTransport):
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as they come
            super().__init__(  # type: ignore[no-untyped-call]
                *arguments, grace_period=GRACE_SECONDS, **options
            )

        def flush(self) -> None:
            """Do nothing: while the other side is silent it would wait for ever."""

    client = Client(project=settings.project, credentials=google_credentials(settings))
    handler = CloudLoggingHandler(
        client,
        name=LOG_NAME,
        transport=Background,
        # Else it would look for a metadata server, for seconds.
        resource=Resource(type="global", labels={"project_id": settings.project}),
    )
    # A line about a line that could not be sent would be the next one.
    handler.addFilter(
        lambda r: not getattr(r, "json_fields", {}).get("library", "").startswith(_SENDER)
    )
    return handler
