"""How many records of an entity got another id in a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdChanges:
    """One kind of entity in one run, compared with the last accepted run.

    `share` is that of the records that were there before and have another id now. `distance` is the
    partition distance: 0 where the same records are together as before, whatever their ids.
    """

    entity: str
    share: float
    distance: float | None = None
