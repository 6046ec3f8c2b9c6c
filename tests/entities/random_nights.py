"""Random sequences of nights, many beside each other: each has records of its own.

They stand in one warehouse and go through the nights together, so that hundreds of sequences cost
as many builds as one of them has nights.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tests.entities.check import Night

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_RECORDS: Final = 9
# A night without any change is as likely as a night with many.
CHANGES_OF_A_NIGHT: Final = (0, 0, 1, 1, 2, 3)


def text_of(night: Night) -> str:
    """Return a night in one line, as a counterexample is read."""
    members: dict[str, list[str]] = {}
    for record, cluster in sorted(night.clusters.items()):
        name = record.partition(":")[2]
        members.setdefault(cluster, []).append(f"{name}={night.hashes[record]}")
    groups = [
        f"{cluster.partition(':')[2]}[{' '.join(records)}]" for cluster, records in members.items()
    ]
    decided = f" decided {' '.join(sorted(night.decided))}" if night.decided else ""
    return " ".join(groups) + decided


@dataclass
class Sequence:
    """A small set of records, and what becomes of it."""

    prefix: str
    chance: random.Random
    groups: list[set[str]] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    n_made: int = 0
    n_hashes: int = 0

    def __post_init__(self) -> None:
        for _ in range(self.chance.randint(1, MOST_RECORDS)):
            self._add()

    def next_night(self) -> Night:
        """Let something happen, or nothing, and return what the night finds."""
        for _ in range(self.chance.choice(CHANGES_OF_A_NIGHT)):
            [change] = self.chance.choices(list(CHANGES), list(CHANGES.values()))
            change(self)
        self.groups = [group for group in self.groups if group]
        # A cluster is named after any member, so its name says nothing about its id.
        clusters: dict[str, str] = {}
        for group in self.groups:
            name = self.chance.choice(sorted(group))
            clusters |= dict.fromkeys(group, name)
        decided = self._records() if self.chance.random() < 0.1 else []
        return Night(clusters, dict(self.hashes), frozenset(decided[:2]))

    def _records(self) -> list[str]:
        records = sorted(self.hashes)
        self.chance.shuffle(records)
        return records

    def _hash(self) -> str:
        self.n_hashes += 1
        return f"h{self.n_hashes}"

    def _put(self, record: str, text: str) -> None:
        self.hashes[record] = text
        if self.groups and self.chance.random() < 0.6:
            self.chance.choice(self.groups).add(record)
        else:
            self.groups.append({record})

    def _take(self, record: str) -> str:
        for group in self.groups:
            group.discard(record)
        self.groups = [group for group in self.groups if group]
        return self.hashes.pop(record)

    def _add(self) -> None:
        if len(self.hashes) < MOST_RECORDS:
            self.n_made += 1
            self._put(f"{self.prefix}:r{self.n_made}", self._hash())

    def _remove(self) -> None:
        for record in self._records()[:1]:
            self.gone[record] = self._take(record)

    def _bring_back(self) -> None:
        for record in sorted(self.gone)[:1]:
            self._put(record, self.gone.pop(record))

    def _remove_all(self) -> None:
        for record in self._records():
            self.gone[record] = self._take(record)

    def _rewrite(self) -> None:
        for record in self._records()[:1]:
            self.hashes[record] = self._hash()

    def _rename(self) -> None:
        """Let a record have its id in other letters, small for large: it is the same record."""
        for record in self._records()[:1]:
            [group] = [group for group in self.groups if record in group]
            text = self.hashes.pop(record)
            renamed = f"{self.prefix}:{record.partition(':')[2].swapcase()}"
            group.remove(record)
            group.add(renamed)
            self.hashes[renamed] = text

    def _move(self) -> None:
        for record in self._records()[:1]:
            self._put(record, self._take(record))

    def _merge(self) -> None:
        self.chance.shuffle(self.groups)
        if len(self.groups) > 1:
            self.groups[0] |= self.groups.pop()

    def _split(self) -> None:
        self.chance.shuffle(self.groups)
        for group in self.groups[:1]:
            part = {record for record in sorted(group) if self.chance.random() < 0.5}
            group -= part
            self.groups.append(part)
        self.groups = [group for group in self.groups if group]

    def _shuffle(self) -> None:
        """Let nothing be as it was: every record goes anywhere."""
        self.groups = []
        for record in self._records():
            self._put(record, self.hashes[record])


# Each with how often it happens.
CHANGES: Final[dict[Callable[[Sequence], None], int]] = {
    Sequence._add: 6,
    Sequence._remove: 4,
    Sequence._bring_back: 2,
    Sequence._remove_all: 1,
    Sequence._rewrite: 3,
    Sequence._rename: 2,
    Sequence._move: 6,
    Sequence._merge: 5,
    Sequence._split: 6,
    Sequence._shuffle: 2,
}


def sequences(number: int, nights: int, seed: str) -> dict[str, list[Night]]:
    """Return that many sequences of nights, the same for the same seed."""
    found = {}
    for index in range(number):
        prefix = f"s{index:03}"
        made = Sequence(prefix, random.Random(f"{seed} {prefix}"))  # noqa: S311 - nothing secret
        first, *later = (made.next_night() for _ in range(nights))
        # Before the first night there was none since which somebody could have decided.
        found[prefix] = [replace(first, decided=frozenset()), *later]
    return found
