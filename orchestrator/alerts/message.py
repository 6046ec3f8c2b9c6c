"""One message per run: names, classes, counts and what to do. Never rows, never values of data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from orchestrator.alerts.findings import Severity
from orchestrator.alerts.life import AlertEvent, Stage
from orchestrator.alerts.runbooks import runbook

if TYPE_CHECKING:
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings

MOST_ENTRIES: Final = 20
MOST_RESOLVED: Final = 10
LONGEST_BODY: Final = 6000
PAGING: Final = frozenset({Severity.CRITICAL, Severity.ERROR})
WORDS: Final = {Stage.NEW: "new", Stage.STILL_FAILING: "still failing", Stage.RESOLVED: "resolved"}

Page = Literal["trigger", "resolve"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `page` is what happens to the pager's incident, of which a target has one."""

    title: str
    body: str
    severity: Severity
    source: str
    link: str = ""
    page: Page | None = None

    @property
    def incident_key(self) -> str:
        """Return the key that the beginning and the end of an incident share."""
        return f"concord/{self.source}"


def write_message(
    settings: Settings,
    run: Run,
    events: tuple[AlertEvent, ...],
    still_open: tuple[AlertEvent, ...],
) -> Message | None:
    """Return the message of a run, or None when nobody has to hear anything.

    `still_open` are all alerts that are open after the run.
    """
    to_tell = [event for event in events if event.needs_message]
    if not to_tell:
        return None
    failing = [event for event in to_tell if event.is_open]
    ended = [event for event in to_tell if not event.is_open]
    ranks = list(Severity)
    worst = min((e.severity for e in failing), key=ranks.index, default=Severity.INFO)
    counts = ", ".join(
        f"{n} {words}" for stage, words in WORDS.items() if (n := _count(to_tell, stage))
    )
    link = settings.alert.run_link.replace("{run_id}", run.run_id)
    parts = [_headline(run), link, *_failing_parts(failing), _resolved_part(ended)]
    if known := _count(events, Stage.SUPPRESSED):
        parts.append(f"Known already, no reminder due: {known}.")
    body = "\n\n".join(part for part in parts if part)
    return Message(
        title=f"Concord {run.target}: {counts}",
        body=body if len(body) <= LONGEST_BODY else f"{body[: LONGEST_BODY - 3]}...",
        severity=worst,
        source=f"{settings.project}/{run.dataset}/{run.target}",
        link=link,
        page=_page(failing, ended, still_open),
    )


def _page(
    failing: list[AlertEvent], ended: list[AlertEvent], still_open: tuple[AlertEvent, ...]
) -> Page | None:
    if any(event.severity in PAGING for event in failing):
        return "trigger"
    goes_on = any(event.severity in PAGING for event in still_open)
    return "resolve" if not goes_on and any(e.severity in PAGING for e in ended) else None


def _headline(run: Run) -> str:
    counts = f"{len(run.nodes)} nodes, {len(run.failed)} failed, {len(run.not_built)} not run"
    retries = f", {run.retries} retries" if run.retries else ""
    return (
        f"Run {run.run_id} of {run.target}: {run.status} after "
        f"{run.seconds / 60:.1f} min ({counts}{retries})."
    )


def _failing_parts(failing: list[AlertEvent]) -> list[str]:
    """Write one part per owner, severity and advice."""
    ranks = list(Severity)
    failing = sorted(
        failing, key=lambda e: (ranks.index(e.severity), e.owner, e.what_to_do, e.subject)
    )
    parts = []
    groups = groupby(failing[:MOST_ENTRIES], key=lambda e: (e.severity, e.owner, e.what_to_do))
    for (severity, owner, what_to_do), grouped in groups:
        events = list(grouped)
        pages = dict.fromkeys(runbook(e.kind, e.subject, e.error_class) for e in events)
        lines = [f"{severity.upper()}, {owner}", *map(_entry, events), f"What to do: {what_to_do}"]
        parts.append("\n".join([*lines, f"Runbook: {', '.join(pages)}"]))
    if len(failing) > MOST_ENTRIES:
        parts.append(f"... and {len(failing) - MOST_ENTRIES} more.")
    return parts


def _entry(event: AlertEvent) -> str:
    since = f", since {event.first_seen_at:%Y-%m-%d}" if event.n_runs > 1 else ""
    text = f": {event.text}" if event.text else ""
    return f"- {event.subject} ({WORDS[event.stage]}, {event.error_class}{since}){text}"


def _resolved_part(ended: list[AlertEvent]) -> str:
    names = sorted({event.subject for event in ended})
    more = f" and {len(names) - MOST_RESOLVED} more" if len(names) > MOST_RESOLVED else ""
    return f"Resolved: {', '.join(names[:MOST_RESOLVED])}{more}." if names else ""


def _count(events: list[AlertEvent] | tuple[AlertEvent, ...], stage: Stage) -> int:
    return sum(event.stage is stage for event in events)
