"""`concord report`: a page about what is in the warehouse; it builds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.errors import ConfigurationError
from orchestrator.report.collect import ReportRequest, collect
from orchestrator.report.gallery import write_images
from orchestrator.report.render import write_report

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.steps import StepClock


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the user asked for; `images` is a folder for the single charts."""

    title: str
    page: Path
    images: Path | None
    now: datetime


def write(connection: Connection, options: ReportOptions, clock: StepClock) -> tuple[Path, ...]:
    """Write the page, and the images if asked for; return the images."""
    settings = connection.settings
    with clock.step("figures"):
        data = collect(connection, ReportRequest(options.title, options.now, ()))
    if not data.entities:
        raise ConfigurationError(
            f"nothing has been matched in {settings.project}.{settings.dataset}_matching",
            "run `concord run` or `concord demo` first, or set CONCORD_DATASET",
        )
    with clock.step("page"):
        write_report(data, options.page)
        return write_images(data, options.images) if options.images else ()
