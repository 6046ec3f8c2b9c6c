"""What somebody means by an id, an address or a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from orchestrator.explain.statements import Statements

FIND: Final = "find_reference"
# The surest way first; an id in its source or an address may be that of several.
WAYS: Final = ("record", "entity", "retired", "contact", "source_id")
LOOKED_FOR: Final = (
    "an id of a record or an entity (also a retired one), an e-mail address, a phone number, a web "
    "domain, or the id of a row in its source"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One way in which a reference is known."""

    found_as: str
    entity: str
    record_id: str | None
    entity_id: str | None
    detail: str | None
    happened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Meant:
    """The one entity that is meant, and its record where a record is meant.

    `notice` says how a retired id led here.
    """

    reference: str
    entity: str
    entity_id: str
    record_id: str | None = None
    notice: str = ""

    @property
    def id(self) -> str:
        """Return the id that the statements take."""
        return self.record_id or self.entity_id


def find_meant(statements: Statements, reference: str, *, as_record: bool) -> Meant:
    """Return what a reference means; with `as_record`, an address must be that of one record."""
    hits = [_hit(row) for row in statements.rows(FIND, reference=reference.strip())]
    return meant_by(reference, hits, as_record=as_record)


def meant_by(reference: str, hits: Sequence[Hit], *, as_record: bool) -> Meant:
    """Choose among the hits of a reference; raise what keeps it from being one."""
    for way in WAYS:
        known = [hit for hit in hits if hit.found_as == way]
        if known:
            return _chosen(reference, known, as_record=as_record)
    raise _unknown(reference, hits)


def _chosen(reference: str, hits: list[Hit], *, as_record: bool) -> Meant:
    entities = {(hit.entity, hit.entity_id) for hit in hits}
    records = sorted({hit.record_id for hit in hits if hit.record_id})
    if len(entities) > 1:
        candidates = sorted({f"{hit.entity_id} ({hit.entity})" for hit in hits})
        raise InputError(
            f"'{reference}' is that of {len(entities)} entities: {', '.join(candidates)}",
            "name one of them",
        )
    (hit, *_) = hits
    if hit.entity_id is None:
        raise InputError(
            f"the {hit.entity} '{reference}' is no more: it retired{_on(hit.happened_at)}, and no "
            "record of it is left",
            "look at its life in entity_events",
        )
    notice = ""
    if hit.found_as == "retired":
        notice = f"{reference} was merged into {hit.entity_id}{_on(hit.happened_at)}"
    record_id = hit.record_id if hit.found_as in ("record", "source_id") else None
    if record_id is None and as_record and len(records) == 1:
        record_id = records[0]
    return Meant(reference, hit.entity, hit.entity_id, record_id, notice)


def _unknown(reference: str, hits: Sequence[Hit]) -> InputError:
    set_aside = [hit for hit in hits if hit.found_as == "quarantine"]
    if set_aside:
        hit = set_aside[0]
        return InputError(
            f"the row {hit.record_id} lies in the quarantine, and is no record: {hit.detail}",
            "correct it in its source; the row is in stg_quarantine",
        )
    alike = [hit.record_id for hit in hits if hit.found_as == "alike" and hit.record_id]
    hint = f"; did you mean {' or '.join(repr(one) for one in alike)}?" if alike else ""
    return InputError(
        f"nothing is known as '{reference}'{hint}",
        f"looked for {LOOKED_FOR}; a row that was refused when its file was loaded is in the table "
        "raw_<source>.<table>__rejected",
    )


def _on(moment: datetime | None) -> str:
    return f" on {moment:%Y-%m-%d}" if moment is not None else ""


def _hit(row: dict[str, Any]) -> Hit:
    return Hit(
        found_as=row["found_as"],
        entity=row["entity"] or "",
        record_id=row["record_id"],
        entity_id=row["entity_id"],
        detail=row["detail"],
        happened_at=row["happened_at"],
    )
