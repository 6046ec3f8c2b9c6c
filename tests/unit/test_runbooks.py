"""Every alert has a runbook, and every runbook is that of an alert."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

import pytest

from orchestrator.alerts.findings import ANOMALY, CLOSED, NODE, RUN, RUN_PROBLEMS, SNAPSHOTS, SOURCE
from orchestrator.alerts.runbooks import PAGE, runbook, runbook_heading
from orchestrator.bigquery.error_classes import ErrorClass
from tests.unit.document_texts import ROOT, anchor, headings, read, section

RUNBOOKS: Final = ROOT / PAGE
TERRAFORM: Final = ROOT / "infrastructure" / "terraform"
PARTS: Final = ["Symptom", "Look", "Cause", "Mend", "Over"]


def policies() -> list[str]:
    """Return the names of the alert policies of Terraform."""
    return re.findall(r'resource "google_monitoring_alert_policy" "(\w+)"', terraform())


def terraform() -> str:
    """Return what Terraform makes, also of the API."""
    return "\n".join(read(path) for path in sorted(TERRAFORM.glob("*.tf")))


def judged_metrics() -> list[str]:
    """Return the figures of which the seed says when they are odd."""
    seed = ROOT / "seeds" / "operations" / "anomaly_thresholds.csv"
    return list(dict.fromkeys(row["metric"] for row in csv.DictReader(io.StringIO(read(seed)))))


def wanted() -> list[str]:
    """Return the headings of everything that can be raised."""
    runs = [*RUN_PROBLEMS, *CLOSED.values(), SNAPSHOTS]
    return [
        *(runbook_heading(NODE, "model.concord.x", one) for one in ErrorClass),
        *(runbook_heading(RUN, one, RUN) for one in runs),
        runbook_heading(SOURCE, "gmail", "stale"),
        *(runbook_heading(ANOMALY, f"{one} of x", ANOMALY) for one in judged_metrics()),
        *(f"cloud {one}" for one in policies()),
    ]


def test_every_alert_has_a_runbook_and_none_is_left_over() -> None:
    assert {"failed", "api_errors"} <= set(policies())
    assert sorted(headings(RUNBOOKS, 3)) == sorted(wanted())


@pytest.mark.parametrize("heading", wanted())
def test_a_runbook_says_what_to_look_at_and_when_it_is_over(heading: str) -> None:
    text = section(RUNBOOKS, heading)
    assert re.findall(r"^- \*\*(\w+)\*\*: \S", text, re.MULTILINE) == PARTS


def test_the_link_of_a_message_leads_to_its_heading() -> None:
    known = {f"{PAGE}#{anchor(heading)}" for heading in headings(RUNBOOKS, 3)}
    assert runbook(NODE, "model.concord.x", ErrorClass.COST_CAP) in known
    assert runbook(RUN, "changed ids", RUN) in known
    assert runbook(ANOMALY, "n_rows of dim_persons", ANOMALY) in known
    assert runbook(SOURCE, "hubspot", "stale") in known


def test_each_policy_of_terraform_links_its_runbook() -> None:
    text = terraform()
    assert f"/blob/main/{PAGE}" in text
    parts = re.split(r'(?=resource "google_monitoring_alert_policy" )', text)[1:]
    for name, part in zip(policies(), parts, strict=True):
        assert f"${{local.runbooks}}#{anchor(f'cloud {name}')}" in part


def test_tables_that_runbooks_query_exist() -> None:
    named = re.findall(r"\bconcord_(?:marts|staging|published)\.(\w+)", read(RUNBOOKS))
    models = {path.stem for path in (ROOT / "models").rglob("*.sql")}
    assert len(named) > 5
    assert sorted(set(named) - models) == []


def test_what_commands_of_google_name_is_what_terraform_makes() -> None:
    text = terraform()
    jobs = set(re.findall(r"^    (\w+) += \{ args", text, re.MULTILINE))
    secrets = re.findall(r"var\.alert_secrets, (\[[^\]]*\])", text)[0]
    made = set(re.findall(r'"(concord-[a-z-]+)"', text))
    made |= {f"concord-{job}" for job in jobs}
    made |= {f"concord-alert-{name}" for name in re.findall(r'"([a-z-]+)"', secrets)}
    pages = [RUNBOOKS, ROOT / "docs" / "operate" / "deployment.md", TERRAFORM.parent / "README.md"]
    calls = [call for page in pages for call in re.findall(r"`(gcloud [^`]*)`", read(page))]
    named = {name for call in calls for name in re.findall(r"[ =](concord-[a-z-]+)", call)}
    assert {"concord-nightly", "concord-secret-due", "concord-audit"} <= named
    assert sorted(named - made) == []
