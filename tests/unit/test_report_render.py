"""The page of the report: complete, self-contained, safe."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from orchestrator.report import palette
from orchestrator.report.matching_model import ModelReport
from orchestrator.report.model import Contribution, FieldPair, Flow
from orchestrator.report.render import render, write_report
from tests.unit.report_sample import make_data

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def page() -> str:
    return render(make_data())


def test_page_needs_no_network(page: str) -> None:
    addresses = set(re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?([^"\')\s>]+)', page))
    assert {address for address in addresses if not address.startswith("#")} == set()
    assert "<script" not in page


def test_page_has_all_sections_and_charts(page: str) -> None:
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings == [
        "What came in",
        "How records became people and companies",
        "How right it is",
        "Match weights",
        "Precision and recall over the threshold",
        "What the model learned",
        "Some real pairs",
        "Which blocking rule earns its keep",
        "How long it took",
    ]
    # For each entity: sizes, weights, two waterfalls, the model, two of thresholds, blocking; and
    # two charts of times.
    assert page.count("<svg") == 2 * 8 + 2


def test_figures_are_in_the_page(page: str) -> None:
    for figure in ("61,234", "1,942", "99.1%", "96.2%", "68.7 s", "7,305"):
        assert figure in page


def test_thresholds_are_in_a_table_and_the_one_in_use_is_marked(page: str) -> None:
    rows = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*in use</td>\s*</tr>", page, flags=re.DOTALL)
    assert len(rows) == 2
    # 530 pairs from step 0 on, 512 of them right, of 600 true ones.
    for figure in ('class="total"', ">0<", ">530<", ">96.6%<", ">85.3%<", ">90.6%<"):
        assert figure in rows[0]
    assert "blocking found 520 of them" in page


def test_keys_that_were_too_large_are_reported() -> None:
    data = make_data()
    person, company = data.entities
    fine = replace(company, model=replace(company.model, rules=company.model.rules[:1]))
    page = render(replace(data, entities=(person, fine)))
    assert page.count("Keys that were too large") == 1
    row = re.search(r"<tr><th>Postcode</th>.*?</tr>", page, flags=re.DOTALL)
    assert row is not None
    for figure in (">3<", ">2<", ">71<", ">3,702<", ">36<"):
        assert figure in row.group()
    assert "No key was too large." in page


def test_text_of_records_is_escaped() -> None:
    data = make_data()
    person = data.entities[0]
    evil = "<script>alert(1)</script>"
    example = replace(
        person.examples[0],
        left_id=evil,
        fields=(FieldPair("Given name", evil, "x"),),
        contributions=(Contribution(evil, 3.0),),
    )
    entities = (replace(person, examples=(example,)), data.entities[1])
    page = render(replace(data, entities=entities))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("variable", sorted(palette.CSS_VARIABLES.values()))
def test_every_chart_colour_has_a_light_and_a_dark_form(page: str, variable: str) -> None:
    assert len(re.findall(rf"{variable}: #[0-9a-f]{{6}};", page)) == 2


def test_charts_use_no_colour_that_dark_mode_does_not_know(page: str) -> None:
    charts = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]+|[a-z]+)"', charts))
    assert used <= set(palette.CSS_VARIABLES) | {"none", "transparent"}


def test_report_without_truth_examples_or_activity() -> None:
    data = make_data()
    bare = tuple(
        replace(entity, quality=None, examples=(), model=replace(entity.model, curve=None))
        for entity in data.entities
    )
    page = render(replace(data, entities=bare, activity=None, problems=(), steps=(), groups=()))
    assert "How right it is" not in page
    assert "Precision and recall over" not in page
    assert "Some real pairs" not in page
    assert "How long it took" not in page
    assert "from nothing to this page" not in page
    assert "No row had to be put aside." in page


def test_report_of_an_empty_warehouse() -> None:
    data = make_data()
    empty = tuple(
        replace(
            entity,
            flow=Flow(0, 0, 0, 0, 0),
            cluster_sizes=(),
            weights=(),
            examples=(),
            quality=None,
            model=ModelReport(levels=(), rounds=0, curve=None, rules=()),
        )
        for entity in data.entities
    )
    page = render(replace(data, entities=empty, raw_tables=(), problems=(), groups=()))
    assert "What came in" in page


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(1.0, "over 99.9%"), (0.9994, "99.9%"), (0.5, "50.0%"), (1e-9, "under 0.1%")],
)
def test_no_rounded_probability_claims_certainty(probability: float, shown: str) -> None:
    data = make_data()
    person = data.entities[0]
    example = replace(person.examples[0], probability=probability)
    entity = replace(person, examples=(example,))
    assert f"probability {shown}." in render(replace(data, entities=(entity,)))


def test_report_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "build" / "report.html"
    write_report(make_data(), path)
    write_report(make_data(), path)
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert list(path.parent.iterdir()) == [path]
