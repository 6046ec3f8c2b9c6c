"""What a comparison has found out about one model, unit test or data test."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """Whether Google's evaluator and the warehouse agree."""

    EQUAL = "equal"
    FLOAT_BITS = "equal but for the last bits of floats"
    EXCEPTION = "reviewed exception"
    INLINED = "part of the models that read it"
    DIFFERENT = "different"
    NOT_EVALUATED = "not evaluated"


@dataclass(frozen=True)
class Verdict:
    """The outcome for one node, and why."""

    node: str
    kind: str
    outcome: Outcome
    reason: str = ""
    examples: tuple[str, ...] = ()
    seconds: float = 0.0
    n_rows: int = 0

    def __str__(self) -> str:
        lines = [
            f"{self.outcome}: {self.kind} {self.node}" + (f": {self.reason}" * bool(self.reason))
        ]
        return "\n    ".join([*lines, *self.examples])


@dataclass
class SemanticsReport:
    """All verdicts of one comparison."""

    verdicts: list[Verdict] = field(default_factory=list)
    # Entries of the reviewed list that no longer say what happens.
    stale: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[Verdict]:
        """The verdicts that fail the check: what differs, and what nobody could look at."""
        return [
            verdict
            for verdict in self.verdicts
            if verdict.outcome in (Outcome.DIFFERENT, Outcome.NOT_EVALUATED)
        ]

    @property
    def ok(self) -> bool:
        """True when something was compared and nothing is wrong or out of date."""
        return bool(self.verdicts) and not self.wrong and not self.stale

    def lines(self) -> list[str]:
        """Everything that is not simply equal, and a line of figures for each kind."""
        silent = (Outcome.EQUAL, Outcome.INLINED)
        found = [str(verdict) for verdict in self.verdicts if verdict.outcome not in silent]
        found += [f"out of date: {text}" for text in self.stale]
        for kind in dict.fromkeys(verdict.kind for verdict in self.verdicts):
            mine = [verdict for verdict in self.verdicts if verdict.kind == kind]
            counts = Counter(verdict.outcome for verdict in mine)
            figures = ", ".join(f"{counts[each]} {each}" for each in Outcome if counts[each])
            seconds = sum(verdict.seconds for verdict in mine)
            found.append(f"{len(mine)} x {kind}: {figures} ({seconds:.0f} s)")
        return found
