"""The kinds of pairs that the report shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of pair; `condition` and `order` are SQL over pairs, l and r with {accept} put in."""

    title: str
    why: str
    condition: str
    order: str


NEAR = Wanted(
    title="Close to the threshold",
    why="Little more or little less evidence would have turned the decision on this pair.",
    condition="true",
    order="abs(pairs.match_weight - {accept})",
)
WANTED: Final = {
    "person": (
        Wanted(
            title="A clear match",
            why="Two systems write the name differently; what else they know outweighs it.",
            condition="""l.source_system != r.source_system and l.given_name != r.given_name
            and l.family_name = r.family_name and pairs.match_weight >= {accept} + 8""",
            order="pairs.match_weight desc",
        ),
        NEAR,
        Wanted(
            title="One household, two people",
            why="Same family name and address, but another given name.",
            condition="""l.family_name = r.family_name and l.street = r.street
            and l.city = r.city and clusters_l.cluster_id != clusters_r.cluster_id
            and substr(l.given_name, 1, 1) != substr(r.given_name, 1, 1)""",
            order="pairs.match_weight desc",
        ),
    ),
    "company": (
        Wanted(
            title="A clear match",
            why="The name is written in two ways; what else is known outweighs it.",
            condition="""l.company_name != r.company_name
            and pairs.match_weight >= {accept} + 5""",
            order="pairs.match_weight desc",
        ),
        NEAR,
        Wanted(
            title="Same name, two companies",
            why="The names agree, and nearly nothing else does.",
            condition="""l.company_name = r.company_name
            and clusters_l.cluster_id != clusters_r.cluster_id""",
            order="pairs.match_weight desc",
        ),
    ),
}
