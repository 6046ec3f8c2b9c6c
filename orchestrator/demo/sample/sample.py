"""Puts the sample together and writes it into a folder."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random

from orchestrator.demo.sample.companies import make_companies
from orchestrator.demo.sample.dialpad import Dialpad
from orchestrator.demo.sample.gmail import Gmail
from orchestrator.demo.sample.hierarchy import add_parents, draw_parents
from orchestrator.demo.sample.hubspot import HubSpot
from orchestrator.demo.sample.mailbox_copies import MailboxCopies
from orchestrator.demo.sample.malformed import add_malformed_rows
from orchestrator.demo.sample.people import PeopleMaker
from orchestrator.demo.sample.phone_book import PhoneBook
from orchestrator.demo.sample.recording import Clock, Recording, TruthRow
from orchestrator.demo.sample.salesforce import Salesforce
from orchestrator.demo.sample.world import World

DEFAULT_SEED = 7
DEFAULT_PEOPLE = 1700
DEFAULT_DAY = date(2026, 6, 30)
PEOPLE_PER_COMPANY = 5
# Tells the files of the sample from files that a user loads.
FILE_PREFIX = "concord-demo."


@dataclass(frozen=True)
class SampleFiles:
    """Where a written sample lies."""

    tables: Mapping[str, Path]
    person_truth: Path
    company_truth: Path
    bad_rows: Path


def record_sample(
    seed: int = DEFAULT_SEED, people: int = DEFAULT_PEOPLE, day: date = DEFAULT_DAY
) -> Recording:
    """The whole sample in memory.

    Each part draws its own random numbers, so that a change to one leaves the others alone.
    """
    phones = PhoneBook(_draws(seed, "phones"))
    count = max(3, people // PEOPLE_PER_COMPANY)
    companies = make_companies(_draws(seed, "companies"), phones, count)
    crowd = PeopleMaker(_draws(seed, "people"), phones, companies).make(people)
    world = World(companies, crowd)
    recording = Recording(Clock(day))
    Salesforce(_draws(seed, "salesforce"), recording).write(world)
    HubSpot(_draws(seed, "hubspot"), recording).write(world)
    Gmail(_draws(seed, "gmail"), recording).write(world)
    Dialpad(_draws(seed, "dialpad"), recording).write(world)
    hierarchy = _draws(seed, "hierarchy")
    add_parents(hierarchy, recording, draw_parents(hierarchy, world))
    MailboxCopies(_draws(seed, "mailbox copies"), recording).write()
    add_malformed_rows(recording)
    return recording


def write_sample(
    folder: Path, seed: int = DEFAULT_SEED, people: int = DEFAULT_PEOPLE, day: date = DEFAULT_DAY
) -> SampleFiles:
    """One JSON-lines file a raw table, and a folder `truth` beside them."""
    recording = record_sample(seed, people, day)
    truth = folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Path] = {}
    for table, rows in recording.rows.items():
        tables[table] = folder / f"{FILE_PREFIX}{table}.jsonl"
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        _write_lines(tables[table], lines + recording.broken_lines.get(table, []))
    files = SampleFiles(
        tables=tables,
        person_truth=truth / "people.jsonl",
        company_truth=truth / "companies.jsonl",
        bad_rows=truth / "bad_rows.jsonl",
    )
    _write_lines(files.person_truth, _truth_lines(recording.person_truth.values()))
    _write_lines(files.company_truth, _truth_lines(recording.company_truth.values()))
    _write_lines(files.bad_rows, (json.dumps(asdict(bad)) for bad in recording.bad_rows))
    return files


def _draws(seed: int, part: str) -> Random:
    return Random(f"{seed}:{part}")  # noqa: S311 - sample data, no secrets


def _truth_lines(rows: Iterable[TruthRow]) -> Iterable[str]:
    return (json.dumps(asdict(row), ensure_ascii=False) for row in rows)


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
