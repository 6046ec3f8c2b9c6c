"""The records of an entity as a picture: who is linked with whom, and how strongly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row, Snapshot

# More would be a ball of wool.
MOST_RECORDS: Final = 24
SIZE: Final = 360
RADIUS: Final = 120
MIDDLE: Final = SIZE / 2
# Bits from which a line is as thick as lines get.
STRONG: Final = 20.0
THINNEST, THICKEST = 1.0, 6.0
LINKS: Final = """
select distinct record_id_l, record_id_r, match_weight
from match_explanations
where entity = ?1 and record_id_l in ({places}) and record_id_r in ({places})
order by match_weight desc, record_id_l, record_id_r
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """A record in the picture; `number` is that of its row in the table of records."""

    shown_id: str
    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Link:
    """Two records that the model has compared; `weight` in bits, width in units of the picture."""

    left: Spot
    right: Spot
    weight: float
    width: float


@dataclass(frozen=True, slots=True)
class LinkGraph:
    """Spots on a circle, and the links between them, the strongest first."""

    size: int
    spots: list[Spot]
    links: list[Link]
    n_left_out: int


def link_graph(
    snapshot: Snapshot, entity: str, members: list[Row], shown: list[Row], n_records: int
) -> LinkGraph | None:
    """Return the picture of an entity's records; None where there is nothing to link.

    `shown` are the members as the one in front of the page may see them, `n_records` how many the
    entity has in all.
    """
    ids = [str(row["record_id"]) for row in members][:MOST_RECORDS]
    if len(ids) < 2:
        return None
    spots = [
        _spot(str(row["record_id"]), number, len(ids))
        for number, row in enumerate(shown[:MOST_RECORDS])
    ]
    by_id = dict(zip(ids, spots, strict=True))
    places = ", ".join(f"?{number + 2}" for number in range(len(ids)))
    links = [
        Link(
            by_id[row["record_id_l"]],
            by_id[row["record_id_r"]],
            weight := float(row["match_weight"] or 0.0),
            _width(weight),
        )
        for row in snapshot.rows(LINKS.format(places=places), entity, *ids)
    ]
    return LinkGraph(SIZE, spots, links, max(n_records, len(members)) - len(ids))


def _spot(shown_id: str, number: int, n_spots: int) -> Spot:
    angle = 2 * math.pi * number / n_spots - math.pi / 2
    x, y = MIDDLE + RADIUS * math.cos(angle), MIDDLE + RADIUS * math.sin(angle)
    return Spot(shown_id, number + 1, round(x, 1), round(y, 1))


def _width(weight: float) -> float:
    share = min(max(weight, 0.0), STRONG) / STRONG
    return round(THINNEST + share * (THICKEST - THINNEST), 1)
