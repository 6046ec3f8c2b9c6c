"""How far stewards agree about pairs that more than one of them has judged.

Cohen's kappa (Cohen 1960, "A coefficient of agreement for nominal scales"): the share of pairs on
which two agree, less what they would agree on by chance with their own shares of verdicts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.decisions.decision import StewardDecision

# One pair in so many is shown to a second steward.
SAMPLED_OF: Final = 5
About = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StewardsAgreement:
    """Two stewards, the pairs that both have judged, and how often they said the same.

    `kappa` is 1 for full agreement, 0 for that of chance; None where both always say one thing.
    """

    first: str
    second: str
    n_pairs: int
    n_agreed: int
    kappa: float | None


def judged_by(decisions: Iterable[StewardDecision]) -> dict[About, dict[str, StewardDecision]]:
    """Return the last decision of each steward about each two references."""
    found: dict[About, dict[str, StewardDecision]] = {}
    for one in sorted(decisions, key=lambda decision: decision.decided_at):
        found.setdefault((one.entity, *one.references), {})[one.decided_by] = one
    return found


def stewards_agreements(
    judged: dict[About, dict[str, StewardDecision]],
) -> list[StewardsAgreement]:
    """Return the agreement of each two stewards who have judged the same pairs."""
    verdicts: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for by_steward in judged.values():
        for first, second in combinations(sorted(by_steward), 2):
            both = (by_steward[first].verdict, by_steward[second].verdict)
            verdicts.setdefault((first, second), []).append(both)
    return [
        StewardsAgreement(*names, len(both), sum(a == b for a, b in both), cohens_kappa(both))
        for names, both in sorted(verdicts.items())
    ]


def cohens_kappa(verdicts: list[tuple[str, str]]) -> float | None:
    """Return kappa of pairs of verdicts; None where chance alone explains everything."""
    n = len(verdicts)
    left, right = (Counter(pair[side] for pair in verdicts) for side in (0, 1))
    by_chance = sum(left[verdict] * right[verdict] for verdict in left) / (n * n)
    observed = sum(a == b for a, b in verdicts) / n
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


def is_sampled(about: About) -> bool:
    """Say whether a second steward is asked about two references: by chance, always the same."""
    digest = hashlib.sha256("\0".join(about).encode()).digest()
    return int.from_bytes(digest[:4]) % SAMPLED_OF == 0


def second_opinions_wanted(
    judged: dict[About, dict[str, StewardDecision]], steward: str
) -> list[StewardDecision]:
    """Return sampled decisions that one steward alone has made, and not this one; oldest first."""
    wanted = [
        next(iter(by_steward.values()))
        for about, by_steward in judged.items()
        if len(by_steward) == 1 and steward not in by_steward and is_sampled(about)
    ]
    return sorted(wanted, key=lambda decision: (decision.decided_at, decision.decision_id))
