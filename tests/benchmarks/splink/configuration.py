"""What Splink has to be told about a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    from splink import SettingsCreator
    from splink.internals.blocking_rule_creator import BlockingRuleCreator

    # A rule made by block_on, or a condition in SQL on the records l and r.
    Rule: TypeAlias = "BlockingRuleCreator | str"


@dataclass(frozen=True, slots=True)
class TrainingSession:
    """One run of EM over the pairs that share a key."""

    blocking_rule: Rule
    # Quicker, and Splink's advice where a column of the comparisons is skewed.
    without_term_frequencies: bool = True


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings of the model and of its training."""

    # Name and query of each table of records; several are linked, one is searched for duplicates.
    tables: dict[str, str]
    settings: SettingsCreator
    # Pairs that are surely right, and the share of all right pairs that they are.
    sure_rules: list[Rule]
    sure_recall: float
    # Random pairs from which Splink learns how often values agree by chance.
    sampled_pairs: float
    sessions: list[TrainingSession]
    # Statements to run before the tables are made.
    preparation: tuple[str, ...] = ()
