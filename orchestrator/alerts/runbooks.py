"""Which runbook an alert has: one heading of one page for each thing that can be wrong."""

from __future__ import annotations

from typing import Final

from orchestrator.alerts.findings import ANOMALY, NODE, RUN, SOURCE

PAGE: Final = "docs/operate/runbooks.md"


def runbook_heading(kind: str, subject: str, error_class: str) -> str:
    """Return the heading: a node has one by class of error, a figure one by what it measures."""
    by_kind = {
        NODE: f"node {error_class}",
        RUN: f"run {subject}",
        SOURCE: "source old",
        # The subject is "n_rows of dim_persons".
        ANOMALY: f"figure {subject.partition(' ')[0]}",
    }
    return by_kind[kind]


def runbook(kind: str, subject: str, error_class: str) -> str:
    """Return page and anchor, from the project's folder."""
    return f"{PAGE}#{runbook_heading(kind, subject, error_class).replace(' ', '-')}"
