"""Finds people and companies by name: as it is written, else as it sounds.

Words are looked for in the full-text index, each as the beginning of a word; where few documents
have all of them, those whose names sound alike are candidates too (Soundex): those with two
such words, and those with one where that leaves few. The order is that of the similarity of names
(RapidFuzz's token sort ratio, 0 to 100).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, utils

from orchestrator.serving.spoken import plain_words, sounds_of

if TYPE_CHECKING:
    from orchestrator.serving.snapshot import Row, Snapshot

# Documents that are compared with what was typed.
MOST_CANDIDATES: Final = 200
ENOUGH: Final = 10
LEAST_SIMILARITY: Final = 45.0
# Of those who sound alike in two words; fewer, and one word is enough.
MANY_ALIKE: Final = 100
# How it is called counts, not where it is.
RANKED: Final = f"order by bm25(names, 10.0, 2.0, 1.0) limit {MOST_CANDIDATES}"
FOUND: Final = f"""
select named.entity, named.entity_id
from (select rowid as id from names where names match ? {RANKED}) inner join named using (id)
"""
FOUND_OF_ONE: Final = f"""
select named.entity, named.entity_id
from names inner join named on names.rowid = named.id
where names match ? and named.entity = ? {RANKED}
"""
SHOWN: Final = {
    "person": (
        "select person_id as entity_id, display_name, company_name as more, city, country,"
        " n_records from dim_persons where person_id in ({places})"
    ),
    "company": (
        "select company_id as entity_id, display_name, primary_domain as more, city, country,"
        " n_records from dim_companies where company_id in ({places})"
    ),
}


@dataclass(frozen=True, slots=True)
class NameHit:
    """An entity whose name is like what was typed; `similarity` is 0 to 100."""

    entity: str
    entity_id: str
    display_name: str | None
    more: str | None
    city: str | None
    country: str | None
    n_records: int
    similarity: float


def search_names(snapshot: Snapshot, text: str, entity: str = "", limit: int = 20) -> list[NameHit]:
    """Return the entities whose names are most like a text, the likest first."""
    words = plain_words(text)
    if not words:
        return []
    begun = [f'{{name more}} : "{word}" *' for word in words]
    found = _found(snapshot, " ".join(begun), entity)
    if len(found) == MOST_CANDIDATES:
        # Of a crowd that begins like it, those that are called so to the letter are never left out.
        whole = " ".join(one.removesuffix(" *") for one in begun)
        found = list(dict.fromkeys([*_found(snapshot, whole, entity), *found]))
    # All words are there as beginnings: somebody who types has not come to the end yet.
    written = set(found)
    if len(found) < ENOUGH and (sounds := sounds_of(text)):
        found = list(dict.fromkeys([*found, *_alike(snapshot, sounds.split(), entity)]))
    hits = [_hit(kind, row, text) for kind in SHOWN for row in _shown(snapshot, kind, found)]
    near = [
        hit
        for hit in hits
        if hit.similarity >= LEAST_SIMILARITY or (hit.entity, hit.entity_id) in written
    ]
    return sorted(near, key=lambda hit: (-hit.similarity, -hit.n_records, hit.entity_id))[:limit]


def similarity(first: str | None, second: str | None) -> float:
    """Return how alike two names are, 0 to 100; the order of their words does not matter."""
    left, right = (utils.default_process(" ".join(plain_words(name))) for name in (first, second))
    return float(fuzz.token_sort_ratio(left, right)) if left and right else 0.0


def _alike(snapshot: Snapshot, sounds: list[str], entity: str) -> list[tuple[str, str]]:
    """Return who sounds alike; one word that sounds otherwise, a middle name, is no hindrance."""
    codes = [f'(sounds : "{sound}")' for sound in dict.fromkeys(sounds)]
    found: list[tuple[str, str]] = []
    if len(codes) > 1:
        both = " OR ".join(f"({first} AND {other})" for first, other in combinations(codes, 2))
        found = _found(snapshot, both, entity)
    # All with one such word are many, and ranking them is what takes the time.
    return (
        found
        if len(found) >= MANY_ALIKE
        else [*found, *_found(snapshot, " OR ".join(codes), entity)]
    )


def _found(snapshot: Snapshot, condition: str, entity: str) -> list[tuple[str, str]]:
    if entity:
        rows = snapshot.rows(FOUND_OF_ONE, condition, entity)
    else:
        rows = snapshot.rows(FOUND, condition)
    return [(row["entity"], row["entity_id"]) for row in rows]


def _shown(snapshot: Snapshot, entity: str, found: list[tuple[str, str]]) -> list[Row]:
    ids = [entity_id for kind, entity_id in found if kind == entity]
    places = ", ".join("?" for _ in ids)
    return snapshot.rows(SHOWN[entity].format(places=places), *ids) if ids else []


def _hit(entity: str, row: Row, text: str) -> NameHit:
    name = similarity(text, row["display_name"])
    # Somebody may type a name and a town, or an employer.
    everything = " ".join(str(row[part]) for part in ("display_name", "more", "city") if row[part])
    both = float(
        fuzz.token_set_ratio(" ".join(plain_words(text)), " ".join(plain_words(everything)))
    )
    return NameHit(entity, **row, similarity=round(max(name, 0.95 * both), 1))
