"""What the check has found."""

from dataclasses import dataclass, field
from enum import StrEnum

MESSAGE_LENGTH = 400


class Gravity(StrEnum):
    """An error fails the check; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with a node; `line` counts in the compiled file."""

    node: str
    file: str
    line: int | None
    message: str
    severity: Gravity = Gravity.ERROR

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        text = "; ".join(part.strip() for part in self.message.splitlines() if part.strip())
        if len(text) > MESSAGE_LENGTH:
            text = text[:MESSAGE_LENGTH].rstrip() + " ..."
        return f"{place}: {self.severity}: {self.node}: {text}"


@dataclass
class Report:
    """All findings of one check, and how many statements it looked at."""

    findings: list[Violation] = field(default_factory=list)
    checked: int = 0
    # Nodes whose columns cannot be known because a node before them is wrong.
    skipped: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[Violation]:
        """The findings that fail the check."""
        return [finding for finding in self.findings if finding.severity is Gravity.ERROR]

    @property
    def warnings(self) -> list[Violation]:
        """The findings that do not."""
        return [finding for finding in self.findings if finding.severity is Gravity.WARNING]

    @property
    def ok(self) -> bool:
        """True when everything was looked at and nothing is wrong."""
        return self.checked > 0 and not self.errors and not self.skipped

    def summary(self) -> str:
        """One line of figures."""
        parts = [
            f"{self.checked} statements checked",
            f"{len(self.errors)} errors",
            f"{len(self.warnings)} warnings",
        ]
        if self.skipped:
            parts.append(f"{len(self.skipped)} skipped after an error")
        return ", ".join(parts)
