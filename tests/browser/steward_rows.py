"""A published world with something to decide: questions about known records, with waterfalls.

Its people are made up; their addresses and numbers are of ranges that belong to nobody.
"""

from __future__ import annotations

from typing import Any, Final

from tests.browser.night_rows import NIGHT_ROWS
from tests.serving_sample import NOW, ROWS

MARGARET: Final = "per_01margaret0000000000000000"
MARGRET: Final = "per_01margret00000000000000000"
TOM: Final = "per_01tom000000000000000000000"
THOMAS: Final = "per_01thomas000000000000000000"
SOFIA: Final = "per_01sofia0000000000000000000"
HARBOUR: Final = "com_01harbour000000000000000000"
HARBOR: Final = "com_01harbor0000000000000000000"
MARGARET_1: Final = "salesforce:contact:0031"
MARGARET_2: Final = "hubspot:contact:501"
MARGARET_3: Final = "zendesk:user:77"
MARGRET_4: Final = "hubspot:contact:502"
TOM_5: Final = "salesforce:contact:0032"
THOMAS_6: Final = "hubspot:contact:503"
SOFIA_7: Final = "stripe:customer:c9"
HARBOUR_8: Final = "salesforce:account:11"
HARBOR_9: Final = "hubspot:company:12"

# Record -> whose it is, and its texts.
TEXTS: Final = {
    MARGARET_1: (
        MARGARET,
        "Margaret Ann Whitfield",
        "12 Church Lane, Harrogate, HG1 2AB",
        "margaret.whitfield@harbour.example, +441632960101",
    ),
    MARGARET_2: (
        MARGARET,
        "Maggie Whitfield",
        "12 Church Lane, Harrogate",
        "margaret.whitfield@harbour.example",
    ),
    MARGARET_3: (MARGARET, "M. Whitfield", "", "+441632960101"),
    MARGRET_4: (
        MARGRET,
        "Margaret Anne Whitfield",
        "12 Church Street, Harrogate, HG1 2AB",
        "m.whitfield@post.example, +441632960101",
    ),
    TOM_5: (TOM, "Tom Okafor", "3 Mill Road, Leeds", "tom@okafor.example"),
    THOMAS_6: (THOMAS, "Thomas Okafor", "3 Mill Road, Leeds, LS1 4DY", "t.okafor@work.example"),
    SOFIA_7: (SOFIA, "Sofía Núñez Ortega", "Calle Mayor 5, Madrid", "sofia@ortega.example"),
    HARBOUR_8: (HARBOUR, "Harbour Street Chandlery Ltd", "1 Quay, Whitby", "harbour.example"),
    HARBOR_9: (HARBOR, "Harbor Street Chandlery", "1 Quay, Whitby", "+441632960777"),
}
# What differs between the two of the first question, on each side.
DIFFERENT_WORDS: Final = {"Ann", "Anne", "Lane", "Street"}
# Each question: its two records, weight, and what the model says.
QUESTIONS: Final = (
    (MARGARET_1, MARGRET_4, 1.7, "near the threshold, and three records would move"),
    (TOM_5, THOMAS_6, -0.6, "near the threshold"),
    (TOM_5, SOFIA_7, -7.4, "a name that is common"),
    (HARBOUR_8, HARBOR_9, 2.2, "near the threshold"),
)
STEPS: Final = (
    ("prior", None, -9.5),
    ("given_name", "one name more", 4.1),
    ("family_name", "the same", 7.8),
    ("address", "a word differs", 2.9),
    ("email", "another address", -3.6),
)
SAID_BY_THE_MODEL: Final = ("bits", "near the threshold", "bar_start", "What the model thinks")


def _person(person_id: str, record_id: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    _, name, address, contacts = TEXTS[record_id]
    given, _, family = name.rpartition(" ")
    email = next((one for one in contacts.split(", ") if "@" in one), None)
    return {
        "person_id": person_id,
        "display_name": name,
        "given_name": given,
        "family_name": family,
        "primary_email": email,
        "city": address.split(", ")[1] if address else None,
        "country": "GB",
        "n_records": sum(text[0] == person_id for text in TEXTS.values()),
        **more,
    }


def _company(company_id: str, record_id: str) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "display_name": TEXTS[record_id][1],
        "primary_domain": "harbour.example",
        "domains": ["harbour.example"],
        "n_records": 1,
    }


def _bridge(kind: str) -> list[dict[str, Any]]:
    found = []
    for record_id, (entity_id, *_) in TEXTS.items():
        system, table, source_id = record_id.split(":")
        if entity_id.startswith(kind[:3]):
            found.append(
                {
                    "record_id": record_id,
                    f"{kind}_id": entity_id,
                    "source_system": system,
                    "source_table": table,
                    "source_id": source_id,
                }
            )
    return found


def _question(priority: int) -> dict[str, Any]:
    left, right, weight, why = QUESTIONS[priority - 1]
    row: dict[str, Any] = {
        "entity": _kind(left),
        "priority": priority,
        # Who is blind must not see which of the two it is.
        "question": "split" if priority == 3 else "join",
        "match_weight": weight,
        "why": why,
        "worth": 1.0 / priority,
    }
    for side, record_id in (("l", left), ("r", right)):
        entity_id, name, address, contacts = TEXTS[record_id]
        row |= {
            f"entity_id_{side}": entity_id,
            f"record_id_{side}": record_id,
            f"name_{side}": name,
            f"address_{side}": address,
            f"contacts_{side}": contacts,
            f"n_records_{side}": sum(text[0] == entity_id for text in TEXTS.values()),
        }
    return row


def _kind(record_id: str) -> str:
    return "company" if TEXTS[record_id][0].startswith("com") else "person"


def _steps() -> list[dict[str, Any]]:
    return [
        {
            "entity": _kind(left),
            "entity_id": TEXTS[left][0],
            "record_id_l": min(left, right),
            "record_id_r": max(left, right),
            "step": step,
            "comparison": comparison,
            "label": label,
            "weight": weight,
        }
        for left, right, *_ in QUESTIONS
        for step, (comparison, label, weight) in enumerate(STEPS)
    ]


def _provenance() -> list[dict[str, Any]]:
    values = (
        ("display_name", "Margaret Ann Whitfield", MARGARET_1, "most_complete"),
        ("primary_email", "margaret.whitfield@harbour.example", MARGARET_2, "latest_confirmed"),
        ("primary_phone", "+441632960101", MARGARET_3, "most_records"),
        ("street", "12 Church Lane", MARGARET_1, "most_complete"),
    )
    return [
        {
            "person_id": MARGARET,
            "field": name,
            "value": value,
            "record_id": record_id,
            "source_system": record_id.partition(":")[0],
            "rule": rule,
        }
        for name, value, record_id, rule in values
    ]


def _levels() -> list[dict[str, Any]]:
    return [
        {
            "entity": "person",
            "model_version": "m1",
            "comparison": comparison,
            "level": level,
            "m_probability": 0.4 / (level + 1),
            "u_probability": 0.02 * (level + 1),
            "match_weight": weight,
            "trained_at": NOW,
        }
        for comparison in ("given_name", "family_name", "email", "related")
        for level, weight in enumerate((9.25, 3.5, -4.75))
    ]


STEWARD_ROWS: Final[dict[str, list[dict[str, Any]]]] = {
    **ROWS,
    **NIGHT_ROWS,
    "dim_persons": [
        _person(MARGARET, MARGARET_1, company_id=HARBOUR, company_name=TEXTS[HARBOUR_8][1]),
        _person(MARGRET, MARGRET_4),
        _person(TOM, TOM_5),
        _person(THOMAS, THOMAS_6),
        _person(SOFIA, SOFIA_7, country="ES"),
    ],
    "dim_companies": [_company(HARBOUR, HARBOUR_8), _company(HARBOR, HARBOR_9)],
    "bridge_person_records": _bridge("person"),
    "bridge_company_records": _bridge("company"),
    "person_contact_points": [
        {"person_id": MARGARET, "kind": "phone", "value": "+441632960101", "usage": "personal"},
        {"person_id": TOM, "kind": "email", "value": "tom@okafor.example", "usage": "personal"},
    ],
    "person_value_provenance": _provenance(),
    "company_value_provenance": [],
    "entity_aliases": [],
    "entity_events": [
        {
            "entity": "person",
            "entity_id": MARGARET,
            "event": "born",
            "cause": "new_records",
            "happened_at": NOW,
            "n_records": 3,
        }
    ],
    "int_record_texts": [
        {
            "entity": _kind(record_id),
            "record_id": record_id,
            "record_name": name,
            "record_address": address,
            "record_contacts": contacts,
        }
        for record_id, (_, name, address, contacts) in TEXTS.items()
    ],
    "match_review_queue": [_question(at) for at in range(1, len(QUESTIONS) + 1)],
    "match_explanations": _steps(),
    "decision_audit": [
        {
            "decision_id": "dec_1",
            "entity": "person",
            "left_id": MARGARET_3,
            "right_id": SOFIA_7,
            "verdict": "different",
            "decided_at": NOW,
            "decided_by": "local",
            "state": "applied",
        },
        # Of the sample that is asked a second time.
        {
            "decision_id": "dec_2",
            "entity": "person",
            "left_id": MARGARET_2,
            "right_id": SOFIA_7,
            "verdict": "different",
            "decided_at": NOW,
            "decided_by": "another steward",
            "state": "applied",
        },
    ],
    "match_model_parameters": _levels(),
}
