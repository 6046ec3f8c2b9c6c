"""A small report with everything in it."""

from __future__ import annotations

from datetime import UTC, datetime

from orchestrator.report.matching_model import ModelLevel, ModelReport, RuleYield
from orchestrator.report.model import (
    Activity,
    ClusterSize,
    Contribution,
    EntityReport,
    Example,
    FieldPair,
    Flow,
    LoadedTable,
    Problem,
    Quality,
    ReportData,
    Score,
    Thresholds,
    Timing,
    WeightBin,
)
from orchestrator.report.model_figures import curve_of

WATERFALL = (
    Contribution("Starting point", -11.2),
    Contribution("Given name", 4.1, "nickname or compound"),
    Contribution("Family name", 9.3, "exact, hill"),
    Contribution("E-mail", 14.0),
    Contribution("Phone", -1.5),
    Contribution("Street", 6.4),
)

LEVELS = (
    ModelLevel("prior", 0, "share among all possible pairs", 0.0004, 0.9996, -11.3),
    ModelLevel("family_name", 2, "exact", 0.8, 0.00625, 7.0, 8.0),
    ModelLevel("family_name", 1, "typo", 0.15, 0.04375, 1.8, 2.0),
    ModelLevel("family_name", 0, "different", 0.05, 0.95, -4.2, -4.0),
    ModelLevel("email", 1, "exact", 0.5, 1e-9, 28.9, 19.0),
    ModelLevel("email", 0, "different", 0.5, 1 - 1e-9, -1.0, -0.5),
)
# Step of a quarter of a bit -> (pairs, right pairs); the threshold in use is step 0.
STEPS = {40: (300, 300), 16: (150, 148), 4: (60, 52), 0: (20, 12), -2: (20, 6), -48: (900, 2)}
RULES = (
    RuleYield("E-mail", 1875, 1875, 1837, 31, 5, 0, 0, 0, 0),
    RuleYield("Postcode", 5547, 3935, 624, 1, 36, 3, 2, 71, 3702),
    RuleYield("Identifier", 0, 0, 0, 0, 0, 0, 0, 0, 0),
)


def make_model() -> ModelReport:
    return ModelReport(levels=LEVELS, rounds=13, curve=curve_of(STEPS, 0.0, 600), rules=RULES)


def make_example(title: str, weight: float, *, is_joined: bool) -> Example:
    return Example(
        title=title,
        why="The e-mail address agrees, the given name is a nickname.",
        left_id="salesforce:contact:0035g0000000001AAA",
        right_id="hubspot:contact:12717",
        fields=(
            FieldPair("Given name", "robert", "bob"),
            FieldPair("Family name", "hill", "hill"),
            FieldPair("E-mails", "robert.hill@bluepeakfoods.example", ""),
            FieldPair("Phones", "+12155550129", "+12155550129"),
        ),
        contributions=WATERFALL,
        weight=weight,
        probability=0.99,
        is_joined=is_joined,
        is_same_in_truth=is_joined,
    )


def make_entity(singular: str, plural: str) -> EntityReport:
    bins = [
        WeightBin(low, low + 2, "different", 4000 - 150 * abs(low + 18)) for low in range(-30, 0, 2)
    ]
    bins += [WeightBin(low, low + 2, "same", 260 - 8 * abs(low - 18)) for low in range(-6, 44, 2)]
    sizes = ((1, 620), (2, 530), (3, 430), (4, 240), (5, 101), (6, 18), (10, 2), (13, 1))
    return EntityReport(
        singular=singular,
        plural=plural,
        flow=Flow(4586, 61_234, 5120, 1942, 1322),
        cluster_sizes=tuple(ClusterSize(*size) for size in sizes),
        weights=tuple(item for item in bins if item.pairs > 0),
        thresholds=Thresholds(accept=0, review=-4),
        examples=(
            make_example("A clear match", 21.1, is_joined=True),
            make_example("Same household, two people", -3.2, is_joined=False),
        ),
        quality=Quality(4586, 1954, 1942, 38, 240, Score(0.991, 0.945), Score(0.995, 0.962)),
        model=make_model(),
    )


def make_data() -> ReportData:
    return ReportData(
        title="Concord demo",
        generated_at=datetime(2026, 6, 30, 12, tzinfo=UTC),
        raw_tables=(
            LoadedTable("salesforce", "contact", 1022, 3, 1019, 3),
            LoadedTable("salesforce", "task", 566, 0, None, 0),
            LoadedTable("hubspot", "contact", 1105, 3, 1103, 2),
            LoadedTable("gmail", "message_participant", 4612, 0, 4612, 0),
        ),
        problems=(
            Problem("hubspot.contact", "created in future", 1, "quarantined"),
            Problem("salesforce.contact", "bad json", 1, "rejected"),
        ),
        entities=(make_entity("person", "people"), make_entity("company", "companies")),
        activity=Activity(4700, 4400, 4000, 120),
        steps=(Timing("make the sample", 0.6), Timing("load", 6.1), Timing("run dbt", 62.0)),
        groups=(Timing("staging", 8.2, 20), Timing("matching of people", 24.0, 22)),
    )
