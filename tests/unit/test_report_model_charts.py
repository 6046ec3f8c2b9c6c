"""The charts of the model: what they are drawn from, and that it can be read in the picture."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from orchestrator.report.blocking_charts import blocking_yield_chart, yield_rows
from orchestrator.report.charts import waterfall_chart
from orchestrator.report.curve_charts import precision_recall_chart, readable_dots, threshold_chart
from orchestrator.report.gallery import CHARTS, write_images
from orchestrator.report.matching_model import ModelLevel
from orchestrator.report.model import Thresholds
from orchestrator.report.model_charts import SMALLEST, level_rows, match_weights_chart
from orchestrator.report.model_figures import curve_of
from tests.unit.report_sample import LEVELS, RULES, STEPS, make_data, make_example

if TYPE_CHECKING:
    from pathlib import Path


def words(svg: str) -> list[str]:
    """Return the texts of a picture."""
    return re.findall(r"<text[^>]*>([^<]+)</text>", svg)


def test_every_level_has_its_weight_and_each_comparison_is_named_once() -> None:
    rows = level_rows(LEVELS)
    assert [row["comparison"] for row in rows] == [
        *("Starting point", "Family name", "", "", "E-mail", ""),
    ]
    assert [row["text"] for row in rows] == ["-11.3", "+7.0", "+1.8", "-4.2", "+28.9", "-1.0"]
    # The prior is about two records at random: it has no m and u to compare.
    assert (rows[0]["m"], rows[0]["u"], rows[0]["level"]) == (None, None, "two records at random")
    assert rows[4]["u"] == SMALLEST


def test_match_weights_can_be_read_in_the_picture() -> None:
    svg = match_weights_chart(LEVELS)
    shown = words(svg)
    for text in ("Starting point", "Family name", "E-mail", "typo", "+28.9", "-4.2"):
        assert text in shown
    assert shown.count("different") == 2
    assert {"m: among matches", "u: among other pairs", "1%", "100%"} <= set(shown)
    # Two dots for each level but the prior; one tick for each known default.
    assert len(re.findall(r'aria-roledescription="point"', svg)) == 2 * 5
    assert len(re.findall(r'aria-roledescription="tick"', svg)) == 5


def test_a_model_of_the_prior_alone_can_be_drawn() -> None:
    assert "-11.3" in words(match_weights_chart(LEVELS[:1]))
    certain = ModelLevel("email", 1, "exact", 1.0, 1.0, 0.0, 0.0)
    assert "0.0" in words(match_weights_chart([certain]))


def test_waterfall_names_the_level_that_was_reached() -> None:
    example = make_example("A clear match", 21.1, is_joined=True)
    shown = words(waterfall_chart(example, Thresholds(0, -4)))
    assert "Given name: nickname or compound" in shown
    assert "Family name: exact, hill" in shown
    assert {"Starting point", "-11.2", "Match weight", "+21.1"} <= set(shown)


def test_precision_recall_marks_the_threshold_in_use_and_the_limit_of_blocking() -> None:
    shown = words(precision_recall_chart(curve_of(STEPS, 0.0, 600)))
    assert "in use: 0" in shown
    assert "all that blocking found" in shown
    assert {"precision", "recall", "100%"} <= set(shown)


def test_dots_on_the_curve_do_not_meet() -> None:
    spread = curve_of({0: (60, 60), 16: (20, 20), 32: (20, 20), -16: (30, 0)}, 0.0, 100)
    # At +12 the curve is where it is at +8, and at -8 where it is at -4.
    assert {cut.threshold for cut in readable_dots(spread)} == {8, 4, -4}
    still = curve_of({0: (50, 50), -16: (1, 0)}, 0.0, 100)
    assert [cut.threshold for cut in readable_dots(still)] == []


@pytest.mark.parametrize("steps", [{}, {0: (1, 1)}, {-8: (4, 0)}, STEPS])
def test_curves_of_few_pairs_can_be_drawn(steps: dict[int, tuple[int, int]]) -> None:
    curve = curve_of(steps, 2.0, 5)
    assert "in use: 2" in words(precision_recall_chart(curve))
    assert {"precision", "recall", "in use"} <= set(words(threshold_chart(curve)))


def test_blocking_says_what_is_new_and_what_only_the_rule_found() -> None:
    rows = yield_rows(RULES)
    assert [(row["new"], row["known"]) for row in rows] == [(1875, 0), (3935, 1612), (0, 0)]
    shown = words(blocking_yield_chart(RULES))
    for text in ("Postcode", "5,547, 3,935 new", "1 of 624", "31 of 1,837", "Identifier", "none"):
        assert text in shown
    # Rules keep the order in which they count as first.
    names = [text for text in shown if text in {"E-mail", "Postcode", "Identifier"}]
    assert names == ["E-mail", "Postcode", "Identifier"]


def test_images_are_pictures_on_white(tmp_path: Path) -> None:
    written = write_images(make_data(), tmp_path / "images")
    assert {path.name for path in written} == {
        f"{name}-{entity}{end}.svg"
        for entity in ("person", "company")
        for name, end in (
            *(("match-weights", ""), ("precision-recall", ""), ("threshold", "")),
            *(("blocking-yield", ""), ("waterfall", "-1"), ("waterfall", "-2")),
        )
    }
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert text.startswith('<svg style="background-color: #ffffff" ')
        assert text.endswith("</svg>\n")


def test_templates_ask_only_for_charts_that_exist() -> None:
    folder = resources.files("orchestrator.report") / "templates" / "sections"
    texts = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert set(re.findall(r'chart\("(\w+)"', texts)) == set(CHARTS)
