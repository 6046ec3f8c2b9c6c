"""The rows of every raw table and the truth behind them, while they are being made."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

Row = dict[str, object]


@dataclass(frozen=True)
class TruthRow:
    """Which entity a source record really belongs to, and what makes the record hard."""

    record_id: str
    entity_id: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class MalformedRow:
    """A row that must not reach the records; `fate` is rejected (at load) or quarantined."""

    table: str
    fate: str
    reason: str


@dataclass(frozen=True)
class Clock:
    """Gives times in the years before a day: the sample is fresh and never in the future."""

    day: date

    @property
    def synced(self) -> str:
        """When the connectors last ran: the early hours of the day before."""
        return _written(datetime.combine(self.day, time(4, 30)) - timedelta(days=1))

    def moment(self, rng: Random, first_day_ago: int = 1100, last_day_ago: int = 3) -> str:
        """A time of a working day's hours."""
        day = self.day - timedelta(days=rng.randint(last_day_ago, first_day_ago))
        return _written(datetime.combine(day, time(8)) + timedelta(seconds=rng.randrange(36_000)))


@dataclass
class Recording:
    """What the generator has written so far."""

    clock: Clock
    rows: dict[str, list[Row]] = field(default_factory=dict)
    broken_lines: dict[str, list[str]] = field(default_factory=dict)
    person_truth: dict[str, TruthRow] = field(default_factory=dict)
    company_truth: dict[str, TruthRow] = field(default_factory=dict)
    bad_rows: list[MalformedRow] = field(default_factory=list)

    def add(self, table: str, row: Row) -> None:
        """One row of `<source>.<table>`."""
        self.rows.setdefault(table, []).append(row)

    def is_person(self, record_id: str, entity_id: str, cases: tuple[str, ...] = ()) -> None:
        """The record is a sighting of this person; the first statement about a record stands."""
        self.person_truth.setdefault(record_id, TruthRow(record_id, entity_id, cases))

    def is_company(self, record_id: str, entity_id: str) -> None:
        """The record is a sighting of this company."""
        self.company_truth.setdefault(record_id, TruthRow(record_id, entity_id))

    def expect_bad(self, table: str, fate: str, reason: str) -> None:
        """States that a bad row has been added to the table."""
        self.bad_rows.append(MalformedRow(table, fate, reason))


def later(moment: str, seconds: int) -> str:
    """The written time, some seconds on."""
    return _written(datetime.fromisoformat(moment) + timedelta(seconds=seconds))


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
