"""The types and properties that a spreadsheet user can name, in matching and in new columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

# Type of the protocol -> kind of entity.
TYPES: Final = {"Person": "person", "Company": "company"}
TYPE_OF: Final = {entity: name for name, entity in TYPES.items()}
BOTH: Final = tuple(TYPE_OF)
PERSON: Final = ("person",)
COMPANY: Final = ("company",)


@dataclass(frozen=True, slots=True)
class EntityProperty:
    """A property; `column` is that of the golden record, `asked_as` how matching uses it."""

    id: str
    name: str
    entities: tuple[str, ...]
    column: str = ""
    asked_as: str = ""

    def is_like(self, prefix: str) -> bool:
        """Say whether its id or a word of its name begins so."""
        words = [self.id, self.name, *self.name.split()]
        return any(word.lower().startswith(prefix.lower()) for word in words)

    def document(self) -> dict[str, str]:
        """Return it as the protocol has it."""
        use = "in matching and in new columns" if self.asked_as else "in new columns"
        return {"id": self.id, "name": self.name, "description": use}


_ALL: Final = (
    EntityProperty("email", "E-mail addresses", PERSON, "emails", "email"),
    EntityProperty("phone", "Telephone numbers", BOTH, "phones", "phone"),
    EntityProperty("domain", "Web domains", COMPANY, "domains", "domain"),
    EntityProperty("city", "Town", BOTH, "city", "city"),
    EntityProperty("country", "Country", BOTH, "country", "country"),
    EntityProperty("company", "Employer", PERSON, "company_name", "company"),
    EntityProperty("source_id", "Id in a source: system:id", BOTH, "", "source_id"),
    EntityProperty("record_id", "Id of a record", BOTH, "", "record_id"),
    EntityProperty("entity_id", "Id of Concord", BOTH, "entity_id", "entity_id"),
    EntityProperty("display_name", "Name", BOTH, "display_name", "name"),
    EntityProperty("given_name", "Given name", PERSON, "given_name", "given_name"),
    EntityProperty("family_name", "Family name", PERSON, "family_name", "family_name"),
    EntityProperty("primary_email", "First e-mail address", PERSON, "primary_email", "email"),
    EntityProperty("primary_phone", "First telephone number", BOTH, "primary_phone", "phone"),
    EntityProperty("primary_domain", "First web domain", COMPANY, "primary_domain", "domain"),
    EntityProperty("company_name", "Name of the company", BOTH, "company_name", "company"),
    EntityProperty("job_title", "Job title", PERSON, "job_title"),
    EntityProperty("street", "Street", BOTH, "street"),
    EntityProperty("postcode", "Postcode", BOTH, "postcode"),
    EntityProperty("region", "Region", BOTH, "region"),
    EntityProperty("n_records", "Number of records", BOTH, "n_records"),
    EntityProperty("source_systems", "Source systems", BOTH, "source_systems"),
    EntityProperty("last_updated_at", "Last change in a source", BOTH, "last_updated_at"),
)
PROPERTIES: Final = {one.id: one for one in _ALL}
COMPARED: Final = tuple(one.id for one in _ALL if one.asked_as)


def properties_of(type_id: str, prefix: str = "") -> list[EntityProperty]:
    """Return the properties of a type that begin so; those of all types where it is not known."""
    entity = TYPES.get(type_id)
    of_type = [one for one in _ALL if entity is None or entity in one.entities]
    return [one for one in of_type if one.is_like(prefix)]


def type_document(entity: str) -> dict[str, Any]:
    """Return the type of an entity as the protocol has it."""
    return {"id": TYPE_OF[entity], "name": TYPE_OF[entity]}
