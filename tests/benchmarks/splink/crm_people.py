"""crm_10k, crm_100k and crm_1m: settings tuned by hand, on data cleaned by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from tests.benchmarks.splink.configuration import Configuration, TrainingSession
from tests.benchmarks.splink.crm_cleaning import cleaning_statements

if TYPE_CHECKING:
    from pathlib import Path

# More random pairs where there are more records.
SAMPLED_PAIRS_OF_10K = 5e6
SAMPLED_PAIRS = 1e7


BLOCKING_RULES = [
    block_on("email"),
    block_on("phones", arrays_to_explode=["phones"]),
    block_on("shared_phone", "first_name"),
    block_on("last_name", "first_names", arrays_to_explode=["first_names"]),
    block_on("email_user"),
    block_on("last_name", "company"),
    block_on("last_name", "company_domain"),
    block_on("first_name", "company"),
    block_on("first_name", "company_domain"),
    block_on("substr(last_name,1,4)", "first_name"),
    block_on("last_name", "substr(first_name,1,2)"),
    block_on("last_name", "city"),
]


def crm_people(source: str, nicknames: Path, *, is_small: bool) -> Configuration:
    """Return the configuration for any number of CRM people."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=BLOCKING_RULES,
        comparisons=[
            _first_name(),
            _last_name(),
            cl.EmailComparison("email"),
            _phone(),
            cl.ExactMatch("shared_phone").configure(term_frequency_adjustments=True),
            _company(),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        retain_matching_columns=False,
    )
    return Configuration(
        preparation=cleaning_statements(source, nicknames),
        tables={"people": "select * from clean_people"},
        settings=settings,
        sure_rules=[
            block_on("email"),
            block_on("first_name", "last_name", "first_phone"),
            block_on("first_name", "last_name", "company"),
            block_on("first_name", "last_name", "company_domain"),
        ],
        sure_recall=0.6,
        sampled_pairs=SAMPLED_PAIRS_OF_10K if is_small else SAMPLED_PAIRS,
        sessions=[
            TrainingSession(block_on("email")),
            TrainingSession(block_on("first_name", "last_name")),
            TrainingSession(block_on("first_phone")),
        ],
    )


def _is_initial(column: str) -> cll.CustomLevel:
    left, right = f"{column}_l", f"{column}_r"
    return cll.CustomLevel(
        f"(length({left}) = 1 or length({right}) = 1) and {left}[1] = {right}[1]", "initial"
    )


def _first_name() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="first_name",
        comparison_levels=[
            cll.NullLevel("first_name"),
            cll.ExactMatchLevel("first_name", term_frequency_adjustments=True),
            cll.ArrayIntersectLevel("first_names", min_intersection=1),
            _is_initial("first_name"),
            cll.JaroWinklerLevel("first_name", 0.88),
            cll.ElseLevel(),
        ],
    )


def _last_name() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="last_name",
        comparison_levels=[
            cll.NullLevel("last_name"),
            cll.ExactMatchLevel("last_name", term_frequency_adjustments=True),
            _is_initial("last_name"),
            cll.JaroWinklerLevel("last_name", 0.93),
            cll.JaroWinklerLevel("last_name", 0.85),
            cll.ElseLevel(),
        ],
    )


def _phone() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="phone",
        comparison_levels=[
            cll.NullLevel("phones"),
            cll.ExactMatchLevel("first_phone", term_frequency_adjustments=True),
            cll.ArrayIntersectLevel("phones", min_intersection=1),
            cll.ElseLevel(),
        ],
    )


def _company() -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name="company",
        comparison_levels=[
            cll.And(cll.NullLevel("company"), cll.NullLevel("company_domain")),
            cll.ExactMatchLevel("company", term_frequency_adjustments=True),
            cll.ExactMatchLevel("company_domain", term_frequency_adjustments=True),
            cll.JaroWinklerLevel("company", 0.92),
            cll.ElseLevel(),
        ],
    )
