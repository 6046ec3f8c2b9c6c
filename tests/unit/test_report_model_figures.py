"""What the report says about the model: levels in reading order, cuts, yields, the truth."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.report.matching_model import Cut, ModelReport
from orchestrator.report.model import Thresholds
from orchestrator.report.model_figures import collect_model, curve_of
from orchestrator.report.truth import knows_truth
from tests.unit.report_fakes import FakeTables

YIELD = {
    "rule": "email_local_part",
    "n_pairs": 10,
    "n_new_pairs": 4,
    "n_accepted_pairs": 6,
    "n_only_accepted_pairs": 2,
    "largest_block_records": 5,
    "n_oversized_keys": 3,
    "n_left_out_keys": 2,
    "n_left_out_records": 41,
    "n_lost_pairs": 900,
}


def parameter(comparison: str, level: int, label: str, weight: float) -> dict[str, Any]:
    return {
        "comparison": comparison,
        "level": level,
        "label": label,
        "m_probability": 0.5,
        "u_probability": 0.25,
        "match_weight": weight,
        "n_rounds": 7,
        "default_weight": None if comparison == "prior" else 1.0,
    }


PARAMETERS = [
    parameter("email", 0, "different", -2.0),
    parameter("prior_household", 0, "share among all possible pairs", -9.0),
    parameter("email", 1, "exact", 15.0),
    parameter("prior", 0, "share among all possible pairs", -11.0),
]


def collect(tables: FakeTables, *, has_truth: bool = False) -> ModelReport:
    thresholds = Thresholds(accept=1.5, review=-4)
    return collect_model(tables, "person", thresholds, has_truth=has_truth)  # type: ignore[arg-type]


def test_levels_are_in_the_order_of_the_waterfall_and_the_closest_first() -> None:
    model = collect(FakeTables({"default_match_parameters": PARAMETERS}))
    shown = [(level.comparison, level.label, level.weight) for level in model.levels]
    assert shown == [
        ("prior", "share among all possible pairs", -11.0),
        ("email", "exact", 15.0),
        ("email", "different", -2.0),
    ]
    assert model.rounds == 7
    assert model.curve is None


def test_rules_keep_their_figures_and_oversized_ones_are_found() -> None:
    fine = YIELD | {"rule": "email", "n_oversized_keys": 0}
    tables = FakeTables({"int_person_blocking_yield": [fine, YIELD]})
    model = collect(tables)
    assert [rule.rule for rule in model.rules] == ["E-mail", "E-mail local part"]
    (oversized,) = model.oversized
    assert (oversized.left_out_keys, oversized.left_out_records, oversized.lost_pairs) == (
        *(2, 41, 900),
    )


def test_without_the_model_of_yields_there_are_none() -> None:
    tables = FakeTables({}, missing={"int_person_blocking_yield"})
    assert collect(tables).rules == ()
    assert not any("blocking_yield" in sql for sql in tables.queries)


def test_cuts_add_up_from_the_highest_threshold_down() -> None:
    tables = FakeTables(
        {
            "as step": [
                {"step": 2, "pair_count": 3, "right_count": 3},
                {"step": 0, "pair_count": 2, "right_count": 1},
                {"step": -4, "pair_count": 5, "right_count": 1},
            ],
            "as true_count": [{"true_count": 8}],
        }
    )
    curve = collect(tables, has_truth=True).curve
    assert curve is not None
    # Quarters of a bit around the threshold in use, 1.5.
    assert curve.cuts == (
        *(Cut(2.0, 3, 3, 8), Cut(1.75, 3, 3, 8), Cut(1.5, 5, 4, 8), Cut(1.25, 5, 4, 8)),
        *(Cut(1.0, 5, 4, 8), Cut(0.75, 5, 4, 8), Cut(0.5, 10, 5, 8)),
    )
    assert curve.chosen == Cut(1.5, 5, 4, 8)
    assert (curve.chosen.precision, curve.chosen.recall) == (0.8, 0.5)
    assert curve.chosen.f1 == pytest.approx(0.6154, abs=1e-4)
    assert curve.found == 5
    assert curve.ceiling == 5 / 8
    assert curve.best == curve.chosen
    assert curve.at([1, 0.5, -1, -8]) == (Cut(2.0, 3, 3, 8), Cut(0.5, 10, 5, 8))


def test_the_threshold_in_use_is_a_cut_even_if_no_pair_is_near() -> None:
    above = curve_of({8: (4, 4)}, 0.0, 4)
    assert above.chosen == Cut(0.0, 4, 4, 4)
    below = curve_of({-8: (4, 1)}, 0.0, 2)
    assert below.chosen == Cut(0.0, 0, 0, 2)
    assert (below.chosen.precision, below.chosen.recall, below.chosen.f1) == (1.0, 0.0, 0.0)
    nothing = curve_of({}, 0.0, 0)
    assert (nothing.chosen.recall, nothing.ceiling) == (1.0, 1.0)


@pytest.mark.parametrize(("known", "expected"), [(12, True), (0, False)])
def test_a_truth_about_other_records_is_none(known: int, expected: bool) -> None:
    tables = FakeTables({"as known": [{"known": known}]})
    assert knows_truth(tables, "person") is expected  # type: ignore[arg-type]
    missing = FakeTables({"as known": [{"known": known}]}, missing={"person_truth"})
    assert knows_truth(missing, "person") is False  # type: ignore[arg-type]
