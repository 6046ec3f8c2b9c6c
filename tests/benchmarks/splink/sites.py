"""ecp_sites: organisations, with settings tuned by hand."""

from __future__ import annotations

import splink.comparison_library as cl
from splink import SettingsCreator, block_on

from tests.benchmarks.splink.configuration import Configuration, TrainingSession

# Small letters, digits and single spaces; null when nothing is left.
WORDS_MACRO = r"""
create or replace temp macro words(text) as
nullif(
    trim(regexp_replace(regexp_replace(lower(text), '[^a-z0-9 ]', ' ', 'g'), '\s+', ' ', 'g')),
    ''
)
"""
CLEANED = r"""
select
    record_id,
    source_dataset,
    words(site_name) as name,
    words(address) as street,
    nullif(regexp_extract(words(address), '^(\d+)', 1), '') as house_number,
    left(zip, 5) as zip,
    nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 7), '') as phone,
    lower(trim(email_address)) as email
from {source}
"""


BLOCKING_RULES = [
    block_on("phone"),
    block_on("street"),
    block_on("house_number", "substr(name,1,3)"),
    block_on("substr(name,1,10)"),
    block_on("email"),
]


def ecp_sites(source: str) -> Configuration:
    """Return the configuration."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=BLOCKING_RULES,
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.9, 0.8]).configure(
                term_frequency_adjustments=True
            ),
            cl.JaroWinklerAtThresholds("street", [0.95, 0.88]).configure(
                term_frequency_adjustments=True
            ),
            cl.ExactMatch("house_number").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("phone", [1]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("zip"),
        ],
        retain_matching_columns=False,
    )
    return Configuration(
        preparation=(WORDS_MACRO,),
        tables={"sites": CLEANED.format(source=source)},
        settings=settings,
        sure_rules=[
            block_on("name", "street"),
            block_on("name", "phone"),
            block_on("street", "phone"),
        ],
        sure_recall=0.6,
        sampled_pairs=1e6,
        sessions=[
            TrainingSession(block_on("phone")),
            TrainingSession(block_on("name")),
            TrainingSession(block_on("street")),
        ],
    )
