"""The afternoon of docs/getting-started.md: every step can be checked, and leads somewhere."""

from __future__ import annotations

import re
from typing import Final

from tests.unit.document_texts import ROOT, headings, read, section, table_rows

PAGE: Final = ROOT / "docs" / "getting-started.md"
STEPS: Final = [heading for heading in headings(PAGE, 2) if heading[0].isdigit()]
COMMANDS: Final = ("init", "resolve", "load", "run", "plan", "health", "report", "serve")


def test_steps_are_numbered_and_fit_into_an_afternoon() -> None:
    assert [int(step.split(".")[0]) for step in STEPS] == list(range(1, 10))
    minutes = [int(found) for step in STEPS for found in re.findall(r"\((\d+) minutes\)", step)]
    assert len(minutes) == 8
    assert 60 <= sum(minutes) <= 180


def test_every_row_of_a_step_says_how_it_is_verified() -> None:
    for step in STEPS:
        rows = table_rows(section(PAGE, step))
        assert rows, step
        assert [row for row in rows if not row[0] or not row[-1]] == []


def test_the_way_leads_over_the_commands_that_a_team_needs() -> None:
    text = read(PAGE)
    assert [name for name in COMMANDS if f"`concord {name}" not in text] == []
    assert "operate/deployment.md" in text


def test_the_number_of_steps_in_the_cloud_is_that_of_their_table() -> None:
    rows = table_rows(read(ROOT / "docs" / "operate" / "deployment.md"))
    numbered = [row for row in rows if re.match(r"\d+\.\d+ ", row[0])]
    assert len(numbered) > 20
    assert [row for row in numbered if not row[1]] == []
    assert f"{len(numbered)} steps" in read(PAGE)
