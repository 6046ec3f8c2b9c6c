"""The documents that go in and out. Texts have limits: a name is no novel."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Entity = Literal["person", "company"]
Text = Annotated[str, Field(max_length=300)]
Id = Annotated[str, Field(min_length=1, max_length=300)]


class Document(BaseModel):
    """Base of all: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AsOf(Document):
    """Which data an answer is made of."""

    run_id: str = Field(description="Run that made the data.")
    data_as_of: str = Field(description="When the oldest of the tables was published (UTC).")


class Query(Document):
    """What a caller knows of one person or company. At least one value."""

    key: Text = Field(default="", description="Of the caller's own; it comes back.")
    entity: Entity | None = Field(default=None, description="Look among these only.")
    entity_id: Text | None = Field(default=None, description="Id of Concord, also a retired one.")
    record_id: Text | None = Field(default=None, description="As in bridge_person_records.")
    source_id: Text | None = Field(
        default=None,
        description="System, colon and id in it: salesforce_contact:0035g00000020",
    )
    email: Text | None = None
    phone: Text | None = Field(default=None, description="However it is written.")
    domain: Text | None = None
    name: Text | None = None

    def known(self) -> dict[str, str]:
        """Return the values that are there, by kind."""
        values = self.model_dump(exclude={"key", "entity"}, exclude_none=True)
        return {kind: text for kind, text in values.items() if text.strip()}


class Lookup(Document):
    """Questions that are answered together."""

    queries: Annotated[list[Query], Field(min_length=1)]


class EntityMeant(Document):
    """An entity that may be meant."""

    entity: Entity
    entity_id: str
    display_name: str | None
    confidence: Literal["certain", "likely", "possible"]
    why: str = Field(description="In words.")
    matched_by: list[str] = Field(description="Kinds of values that are known of it.")


class Answer(Document):
    """What is known of one question; nobody is an answer too."""

    key: str
    understood: dict[str, str] = Field(description="What was looked for.")
    found: list[EntityMeant]


class LookupAnswers(AsOf):
    """Answers in the order of the questions."""

    answers: list[Answer]


class Search(Document):
    """A name, whole or in part, perhaps with an employer or a town."""

    text: Annotated[str, Field(min_length=1, max_length=200)]
    entity: Entity | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class NameFound(Document):
    """An entity whose name is like the text."""

    entity: Entity
    entity_id: str
    display_name: str | None
    more: str | None = Field(description="Employer of a person, web domain of a company.")
    city: str | None
    country: str | None
    n_records: int
    similarity: float = Field(description="Of the names, 0 to 100.")


class NamesFound(AsOf):
    """The likest first."""

    hits: list[NameFound]


class EntityDocument(AsOf):
    """The golden record of an entity."""

    entity: Entity
    entity_id: str
    golden: dict[str, Any] = Field(description="As in dim_persons or dim_companies.")


class Rows(AsOf):
    """Rows of a mart; `next_cursor` asks for the page that follows."""

    rows: list[dict[str, Any]]
    next_cursor: str | None = None


class RecordPair(Document):
    """Two records. Their ids may be made of addresses, so they are in no web address."""

    record_id_l: Id
    record_id_r: Id


class NewDecision(Document):
    """What a steward says of two records or entities."""

    entity: Entity
    left_id: Id
    right_id: Id
    verdict: Literal["same", "different", "unsure"]
    reason: Text = ""


class DecisionDocument(Document):
    """A decision. A pending one is on its way; all of them hold from the next run on."""

    decision_id: str
    entity: str
    left_id: str
    right_id: str
    verdict: str
    decided_by: str
    decided_at: str
    reason: str
    state: str
    replaces: list[str] = Field(
        default=[], description="Earlier decisions about the same two that said something else."
    )
    contradicts: list[str] = Field(
        default=[],
        description="Decisions about others that it contradicts by way of those that bind: the run"
        " applies no `same` of them until somebody decides otherwise.",
    )


class Decisions(AsOf):
    """The newest first."""

    decisions: list[DecisionDocument]


class ComponentState(Document):
    """One part of the service."""

    name: str
    is_well: bool
    detail: str


class ServiceHealth(Document):
    """All parts of the service."""

    is_well: bool
    components: list[ComponentState]
