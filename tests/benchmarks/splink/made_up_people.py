"""fake_1000, febrl3 and febrl4: the settings of Splink's demonstrations."""

from __future__ import annotations

import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from tests.benchmarks.splink.configuration import Configuration, TrainingSession

DATE_FORMAT = "%Y%m%d"
NAMES_ARE_SWAPPED = "l.given_name = r.surname and l.surname = r.given_name"
SAMPLED_PAIRS = 1e6


def fake_1000(source: str) -> Configuration:
    """Follow "Evaluation from ground truth column" of Splink's DuckDB examples."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=[
            block_on("first_name"),
            block_on("surname"),
            block_on("dob"),
            block_on("email"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=False),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        retain_matching_columns=False,
    )
    dates_are_near = "levenshtein(r.dob::varchar, l.dob::varchar) <= 1"
    return Configuration(
        tables={"people": f"select * replace (cast(dob as date) as dob) from {source}"},
        settings=settings,
        sure_rules=[
            f"l.first_name = r.first_name and {dates_are_near}",
            f"l.surname = r.surname and {dates_are_near}",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            "l.email = r.email",
        ],
        sure_recall=0.7,
        sampled_pairs=SAMPLED_PAIRS,
        sessions=[
            TrainingSession(block_on("dob")),
            TrainingSession(block_on("email")),
            TrainingSession(block_on("first_name", "surname")),
        ],
    )


def febrl3(source: str) -> Configuration:
    """Follow "Febrl3 dedupe" of Splink's DuckDB examples."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"),
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format=DATE_FORMAT
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        retain_matching_columns=False,
    )
    return Configuration(
        tables={"people": f"select * from {source}"},
        settings=settings,
        sure_rules=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            f"{NAMES_ARE_SWAPPED} and l.date_of_birth = r.date_of_birth",
        ],
        sure_recall=0.9,
        sampled_pairs=SAMPLED_PAIRS,
        sessions=[
            TrainingSession(block_on("date_of_birth"), without_term_frequencies=False),
            TrainingSession(block_on("postcode"), without_term_frequencies=False),
        ],
    )


FEBRL4_BLOCKING_RULES = [
    block_on("given_name", "surname"),
    NAMES_ARE_SWAPPED,
    block_on("date_of_birth"),
    block_on("soc_sec_id"),
    block_on("state", "address_1"),
    block_on("street_number", "address_1"),
    block_on("postcode"),
]


def febrl4(source: str) -> Configuration:
    """Follow "Febrl4 link-only" of Splink's DuckDB examples."""
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=FEBRL4_BLOCKING_RULES,
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison(
                "date_of_birth",
                input_is_string=True,
                datetime_format=DATE_FORMAT,
                invalid_dates_as_null=True,
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
        ],
        retain_matching_columns=False,
    )
    return Configuration(
        tables={
            name: f"select * from {source} where source_dataset = '{name}'"
            for name in ("febrl4a", "febrl4b")
        },
        settings=settings,
        sure_rules=[block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        sure_recall=0.8,
        sampled_pairs=SAMPLED_PAIRS,
        sessions=[
            TrainingSession(block_on("date_of_birth")),
            TrainingSession(block_on("postcode")),
        ],
    )
