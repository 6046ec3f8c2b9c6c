"""historical_50k: the settings of Splink's demonstration "Deduplicate 50k historical persons"."""

from __future__ import annotations

import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from tests.benchmarks.splink.configuration import Configuration, TrainingSession

FULL_NAME = "first_name_surname_concat"


BLOCKING_RULES = [
    block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
    block_on("surname", "dob"),
    block_on("first_name", "dob"),
    block_on("postcode_fake", "first_name"),
    block_on("postcode_fake", "surname"),
    block_on("dob", "birth_place"),
    block_on("substr(postcode_fake,1,3)", "dob"),
    block_on("substr(postcode_fake,1,3)", "first_name"),
    block_on("substr(postcode_fake,1,3)", "surname"),
    block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
]


def historical_50k(source: str) -> Configuration:
    """Return the configuration."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=BLOCKING_RULES,
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name=FULL_NAME
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        retain_matching_columns=False,
    )
    columns = (
        "record_id, source_dataset, first_name, surname, dob, birth_place, postcode_fake, "
        f"occupation, first_name || ' ' || surname as {FULL_NAME}"
    )
    return Configuration(
        tables={"people": f"select {columns} from {source}"},
        settings=settings,
        sure_rules=[
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        sure_recall=0.6,
        sampled_pairs=1e7,
        sessions=[
            TrainingSession(block_on("first_name", "surname")),
            TrainingSession(block_on("dob")),
        ],
    )
