"""One decision: what somebody said of two references."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

ENTITIES: Final = ("person", "company")
SAME: Final = "same"
VERDICTS: Final = (SAME, "different", "unsure")
# The columns of the table, of the seed and of a file.
COLUMNS: Final = (
    *("decision_id", "entity", "left_id", "right_id"),
    *("verdict", "decided_by", "decided_at", "reason"),
)
NAME_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class StewardDecision:
    """A row of concord_ops.decisions."""

    entity: str
    left_id: str
    right_id: str
    verdict: str
    decided_by: str
    decided_at: datetime
    reason: str
    decision_id: str = ""

    @property
    def references(self) -> tuple[str, str]:
        """Return what it is about, in an order of its own."""
        first, second = sorted((self.left_id, self.right_id))
        return first, second

    @property
    def is_same(self) -> bool:
        """Say whether it binds; all others keep apart."""
        return self.verdict == SAME

    def named(self) -> StewardDecision:
        """Return it with a name: that of its content, where it has none."""
        if self.decision_id:
            return self
        content = json.dumps(asdict(self), default=str, sort_keys=True).encode()
        digits = hashlib.sha256(content).hexdigest()[:NAME_DIGITS]
        return replace(self, decision_id=f"dec_{digits}")

    def says(self) -> tuple[str, ...]:
        """Return what was decided, whoever decided and when."""
        return (self.entity, *self.references, self.verdict)

    def row(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return {**asdict(self), "decided_at": self.decided_at.isoformat()}
