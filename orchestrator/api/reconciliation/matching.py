"""Candidates for a row of a spreadsheet, with a score that is explained.

Confidence decides the band of a score, and how well the row agrees the place in it: `possible` is
0 to 70, `likely` 70 to 90, `certain` 90 to 100. What agrees is weighed: the name 0.6, the employer
0.25, the town 0.1, the country 0.05, each only if the row says it. Where it says nothing but a key,
the score is the middle of the band. A score is no probability; `match` is true where one candidate
alone is certain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from orchestrator.api.reconciliation.properties import type_document
from orchestrator.api.reconciliation.queries import CONCORD_ID, MOST_CANDIDATES
from orchestrator.api.reconciliation.sought import kinds_asked, sought
from orchestrator.serving.lookup import (
    CERTAIN,
    CONFIDENCES,
    LIKELY,
    POSSIBLE,
    SAME_NAME,
    Asked,
    EntityFound,
    find_entities,
)
from orchestrator.serving.search import search_names, similarity

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.api.reconciliation.queries import ReconcileQuery
    from orchestrator.api.reconciliation.sought import Sought
    from orchestrator.serving.snapshot import Row, Snapshot

BANDS: Final = {POSSIBLE: (0.0, 70.0), LIKELY: (70.0, 90.0), CERTAIN: (90.0, 100.0)}
WEIGHTS: Final = {"name": 0.6, "company": 0.25, "city": 0.1, "country": 0.05}
NOTHING_COMPARED: Final = 0.5
COMPARED_ROWS: Final = {
    "person": (
        "select person_id as entity_id, display_name, company_name, company_id, primary_email,"
        " city, country, n_records from dim_persons where person_id in ({places})"
    ),
    "company": (
        "select company_id as entity_id, display_name, display_name as company_name, company_id,"
        " primary_domain, city, country, n_records from dim_companies"
        " where company_id in ({places})"
    ),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate: its row, how sure it is, and what agrees (0 to 1, by what was asked)."""

    entity: str
    row: Row
    confidence: str
    agrees: dict[str, float]
    matched_by: dict[str, bool]
    is_match: bool = False

    @property
    def score(self) -> float:
        """Return the score, 0 to 100."""
        low, high = BANDS[self.confidence]
        weight = sum(WEIGHTS[name] for name in self.agrees)
        total = sum(WEIGHTS[name] * value for name, value in self.agrees.items())
        return round(low + (high - low) * (total / weight if weight else NOTHING_COMPARED), 1)

    @property
    def place(self) -> tuple[float, int, str]:
        """Return what candidates are ordered by."""
        return (-self.score, -int(self.row["n_records"] or 0), str(self.row["entity_id"]))


def candidates(snapshot: Snapshot, query: ReconcileQuery, region: str) -> list[Judged]:
    """Return who may be meant, the highest score first; nobody is an answer too."""
    best: dict[str, Judged] = {}
    kinds = kinds_asked(query)
    for wanted in sought(query, region) if kinds else ():
        for one in _judged(snapshot, wanted, kinds[0] if len(kinds) == 1 else ""):
            name = str(one.row["entity_id"])
            if name not in best or one.place < best[name].place:
                best[name] = one
    ordered = sorted(best.values(), key=lambda one: one.place)
    # Two that are certain contradict each other, and a person has to look.
    if sum(one.confidence == CERTAIN for one in ordered) == 1:
        ordered[0] = replace(ordered[0], is_match=True)
    return ordered[: min(query.limit, MOST_CANDIDATES)]


def candidate_documents(
    found: list[Judged], shown: Callable[[list[Row]], list[Row]]
) -> list[dict[str, Any]]:
    """Return candidates as the protocol has them; `shown` leaves what its caller may see."""
    rows = shown([one.row for one in found])
    return [
        {
            "id": one.row["entity_id"],
            "name": row["display_name"] or one.row["entity_id"],
            "description": described(one.entity, one.row, row),
            "type": [type_document(one.entity)],
            "score": one.score,
            "match": one.is_match,
            "features": _features(one),
        }
        for one, row in zip(found, rows, strict=True)
    ]


def described(entity: str, row: Row, shown: Row) -> str:
    """Return employer or domain, and town; what is masked tells nobody apart, and is left out."""
    names = ("company_name" if entity == "person" else "primary_domain", "city", "country")
    return ", ".join(str(row[name]) for name in names if row[name] and row[name] == shown[name])


def entity_rows(snapshot: Snapshot, entity: str, ids: list[str]) -> dict[str, Row]:
    """Return the rows that descriptions and scores are made of, by id."""
    if not ids:
        return {}
    sql = COMPARED_ROWS[entity].format(places=", ".join("?" for _ in ids))
    return {str(row["entity_id"]): row for row in snapshot.rows(sql, *ids)}


def _judged(snapshot: Snapshot, wanted: Sought, entity: str) -> list[Judged]:
    found = _found(snapshot, wanted, entity)
    rows: dict[str, Row] = {}
    for kind in COMPARED_ROWS:
        rows |= entity_rows(snapshot, kind, [one.entity_id for one in found if one.entity == kind])
    return [
        Judged(
            one.entity,
            rows[one.entity_id],
            one.confidence,
            _agreement(wanted, rows[one.entity_id]),
            {kind: kind in one.matched_by for kind in wanted.keys},
        )
        for one in found
    ]


def _found(snapshot: Snapshot, wanted: Sought, entity: str) -> list[EntityFound]:
    if wanted.keys:
        known = {**wanted.keys, **({"name": wanted.name} if wanted.name else {})}
        found = find_entities(snapshot, Asked(known, entity))
        if found or wanted.name:
            return found
    # A company may be called like a web domain.
    name = wanted.name or wanted.keys.get("domain", "")
    # More than `find_entities` takes: the town may speak for one that is further down.
    hits = search_names(snapshot, name, entity, MOST_CANDIDATES)
    return [
        EntityFound(hit.entity, hit.entity_id, hit.display_name, POSSIBLE, "", ("name",))
        for hit in hits
    ]


def _agreement(wanted: Sought, row: Row) -> dict[str, float]:
    agrees: dict[str, float] = {}
    if wanted.name:
        agrees["name"] = similarity(wanted.name, row["display_name"]) / 100
    if CONCORD_ID.fullmatch(wanted.company):
        agrees["company"] = float(wanted.company == row["company_id"])
    elif wanted.company:
        agrees["company"] = similarity(wanted.company, row["company_name"]) / 100
    for name, text in (("city", wanted.city), ("country", wanted.country)):
        if text:
            agrees[name] = float(similarity(text, row[name]) >= SAME_NAME)
    return agrees


def _features(one: Judged) -> list[dict[str, Any]]:
    """Return what the score is made of: shares 0 to 1, and which keys are known of it."""
    sure = {"confidence": CONFIDENCES[::-1].index(one.confidence) + 1}
    agrees = {name: round(value, 3) for name, value in one.agrees.items()}
    return [{"id": key, "value": value} for key, value in (sure | agrees | one.matched_by).items()]
