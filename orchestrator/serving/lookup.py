"""Says who is meant by what a caller knows: an id, a contact, a name.

An id is certain. A contact that one entity alone uses is as good, unless the name that comes with
it is another one; a shared contact, or a name alone, is only a possibility.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import phonenumbers

from orchestrator.decisions.decision import ENTITIES
from orchestrator.serving.search import search_names, similarity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestrator.serving.snapshot import Row, Snapshot

CERTAIN: Final = "certain"
LIKELY: Final = "likely"
POSSIBLE: Final = "possible"
CONFIDENCES: Final = (CERTAIN, LIKELY, POSSIBLE)
# What a caller may know, the surest first.
IDS: Final = ("entity_id", "record_id", "source_id")
CONTACTS: Final = ("email", "phone", "domain")
OWN_USES: Final = ("personal", None)
SAME_NAME: Final = 80.0
OTHER_NAME: Final = 50.0
MOST_ENTITIES: Final = 10
TABLE_OF: Final = {"person": "dim_persons", "company": "dim_companies"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller knows of one person or company, by kind; empty values are left out."""

    known: dict[str, str]
    entity: str = ""


@dataclass(frozen=True, slots=True)
class EntityFound:
    """One entity that may be meant."""

    entity: str
    entity_id: str
    display_name: str | None
    confidence: str
    why: str
    matched_by: tuple[str, ...]


@dataclass(slots=True)
class _Candidate:
    entity: str
    entity_id: str
    # Kind of key -> its use.
    hits: dict[str, str | None] = field(default_factory=dict)


def understood(known: dict[str, str], region: str) -> dict[str, str]:
    """Return what is looked for: contacts in the form in which the matching has them."""
    read: dict[str, str] = {}
    for kind, text in known.items():
        value = " ".join(text.split())
        if kind == "email":
            value = _mailbox(value.lower().removeprefix("mailto:"))
        if kind == "domain":
            value = _host(value.lower())
        if kind == "phone":
            value = _dialled(value, region)
        if value:
            read[kind] = value
    return read


def find_entities(snapshot: Snapshot, asked: Asked) -> list[EntityFound]:
    """Return who may be meant, the most probable first; nobody is a possible answer."""
    kinds = (asked.entity,) if asked.entity else ENTITIES
    candidates: dict[tuple[str, str], _Candidate] = {}
    for kind, value in asked.known.items():
        for entity, entity_id, usage in _owners(snapshot, kind, value):
            if entity in kinds:
                key = (entity, entity_id)
                candidates.setdefault(key, _Candidate(*key)).hits[kind] = usage
    name = asked.known.get("name", "")
    if name and not candidates:
        return [
            EntityFound(
                hit.entity,
                hit.entity_id,
                hit.display_name,
                POSSIBLE,
                f"a name like it ({hit.similarity:.0f} of 100), and nothing else",
                ("name",),
            )
            for hit in search_names(snapshot, name, asked.entity, MOST_ENTITIES)
        ]
    crowd = {
        kind: sum(kind in one.hits for one in candidates.values()) for kind in (*IDS, *CONTACTS)
    }
    found = [_judged(snapshot, one, name, crowd) for one in candidates.values()]
    found.sort(key=lambda one: (CONFIDENCES.index(one.confidence), -len(one.matched_by)))
    return found[:MOST_ENTITIES]


def survivor(snapshot: Snapshot, entity_id: str) -> Row | None:
    """Return what became of a retired id; None where it is none."""
    rows = snapshot.table("entity_aliases", "where retired_id = ?", entity_id)
    return rows[0] if rows else None


def checked_entity(entity: str) -> str:
    """Return the kind of an entity, for a name in a statement; another text gets into none."""
    if entity not in TABLE_OF:
        raise ValueError(f"'{entity}' is neither person nor company")
    return entity


def golden(snapshot: Snapshot, entity: str, entity_id: str) -> Row | None:
    """Return the golden record of an entity; None where there is none of that id."""
    rows = snapshot.table(TABLE_OF[entity], f"where {checked_entity(entity)}_id = ?", entity_id)
    return rows[0] if rows else None


def _owners(snapshot: Snapshot, kind: str, value: str) -> Iterable[tuple[str, str, str | None]]:
    if kind == "entity_id":
        alias = survivor(snapshot, value)
        current = alias["entity_id"] if alias and alias["entity_id"] else value
        for entity in ENTITIES:
            if golden(snapshot, entity, current) is not None:
                yield entity, current, None
    elif kind != "name":
        for row in snapshot.rows("select * from keys where kind = ? and value = ?", kind, value):
            yield row["entity"], row["entity_id"], row["usage"]


def _judged(snapshot: Snapshot, one: _Candidate, name: str, crowd: dict[str, int]) -> EntityFound:
    row = golden(snapshot, one.entity, one.entity_id) or {}
    shown = row.get("display_name")
    matched = tuple(one.hits)
    alike = similarity(name, shown) if name and shown else None
    if alike is not None and alike >= OTHER_NAME:
        matched = (*matched, "name")
    by_id = next((kind for kind in IDS if kind in one.hits), None)
    own = [
        kind for kind, usage in one.hits.items() if usage in OWN_USES and crowd.get(kind, 0) == 1
    ]
    contacts = " and ".join(kind for kind in CONTACTS if kind in one.hits)
    if by_id:
        confidence, why = CERTAIN, f"the {by_id.replace('_', ' ')} is known"
    elif alike is not None and alike < OTHER_NAME:
        confidence, why = POSSIBLE, f"the {contacts} is known, under another name"
    elif own and alike is not None and alike >= SAME_NAME:
        confidence, why = CERTAIN, f"the {contacts} is theirs alone, and the name is the same"
    elif own or (alike is not None and alike >= SAME_NAME):
        told = "is theirs alone" if own else "is shared, and the name is the same"
        confidence, why = LIKELY, f"the {contacts} {told}"
    else:
        confidence, why = POSSIBLE, f"the {contacts} is shared by several"
    return EntityFound(one.entity, one.entity_id, shown, confidence, why, matched)


def _mailbox(address: str) -> str:
    """Return one spelling for each mailbox, as the macro `canonical_email` does."""
    local, sign, domain = address.partition("@")
    untagged = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        return f"{untagged.replace('.', '')}@gmail.com"
    return f"{untagged}{sign}{domain}"


def _host(text: str) -> str:
    """Return the domain of a web address; what is none stays as it is."""
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname
    except ValueError:
        return text
    return (host or text).rstrip(".").removeprefix("www.")


def _dialled(text: str, region: str) -> str:
    """Return a telephone number as it is dialled from abroad; one that is none stays as it is."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return text
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
