"""What the report says, apart from where it comes from and how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.report.matching_model import ModelReport
    from orchestrator.run_log.run import Run


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """What came in through one raw table; `staged` is None when the table has no staging model."""

    source: str
    table: str
    rows: int
    rejected: int
    staged: int | None
    quarantined: int


@dataclass(frozen=True, slots=True)
class Problem:
    """How many rows of a table were put aside for one reason, and where they are."""

    table: str
    reason: str
    rows: int
    place: str


@dataclass(frozen=True, slots=True)
class Flow:
    """How records became entities."""

    records: int
    pairs_compared: int
    pairs_accepted: int
    entities: int
    entities_of_several: int


@dataclass(frozen=True, slots=True)
class ClusterSize:
    """How many entities have this many records."""

    records: int
    entities: int


@dataclass(frozen=True, slots=True)
class WeightBin:
    """Pairs with a weight from `low` up to `high`; `truth` is same, different or unknown."""

    low: float
    high: float
    truth: str
    pairs: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Pairs from `accept` on are joined; pairs from `review` on deserve a look."""

    accept: float
    review: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one comparison adds to the weight of a pair, and the level it reached."""

    label: str
    weight: float
    level: str = ""


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One attribute of both records, ready to read."""

    label: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Example:
    """One pair of records with the reasons for its weight."""

    title: str
    why: str
    left_id: str
    right_id: str
    fields: tuple[FieldPair, ...]
    contributions: tuple[Contribution, ...]
    weight: float
    probability: float
    is_joined: bool
    is_same_in_truth: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """How the entities compare with the truth."""

    records: int
    true_entities: int
    found_entities: int
    wrong_pairs: int
    missed_pairs: int
    pairwise: Score
    b_cubed: Score


@dataclass(frozen=True, slots=True)
class EntityReport:
    """Everything about one kind of entity: person or company."""

    singular: str
    plural: str
    flow: Flow
    cluster_sizes: tuple[ClusterSize, ...]
    weights: tuple[WeightBin, ...]
    thresholds: Thresholds
    examples: tuple[Example, ...]
    quality: Quality | None
    model: ModelReport


@dataclass(frozen=True, slots=True)
class Activity:
    """E-mails and calls, and how many of them know their person."""

    interactions: int
    with_person: int
    with_company: int
    unmatched_participants: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of a step or of a group of models, and how many nodes it has."""

    name: str
    seconds: float
    nodes: int | None = None


@dataclass(frozen=True, slots=True)
class ReportData:
    """The whole report."""

    title: str
    generated_at: datetime
    raw_tables: tuple[LoadedTable, ...]
    problems: tuple[Problem, ...]
    entities: tuple[EntityReport, ...]
    activity: Activity | None
    steps: tuple[Timing, ...]
    groups: tuple[Timing, ...]
    # The oldest first; empty unless there are two.
    runs: tuple[Run, ...] = ()

    @property
    def raw_rows(self) -> int:
        """All rows that came in."""
        return sum(table.rows for table in self.raw_tables)

    @property
    def total_seconds(self) -> float:
        """The time of all steps together."""
        return sum(step.seconds for step in self.steps)
