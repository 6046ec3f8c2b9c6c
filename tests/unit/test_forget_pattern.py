"""The pattern finds a person's addresses, numbers and ids in rows as JSON, and nobody else's."""

from __future__ import annotations

import json
import re

import pytest

from orchestrator.forget.data_subject import DataSubject, Record
from orchestrator.forget.pattern import pattern_of, record_pattern_of
from orchestrator.forget.places import key_of

LONG_ID = "003AbcdefghijklMNO"
ANN = DataSubject(
    person_id="per_1",
    retired_ids=(),
    records=(
        Record(f"salesforce:contact:{LONG_ID}", "salesforce_contact", "contact", LONG_ID),
        Record("hubspot:contact:12", "hubspot_contact", "contact", "12"),
        Record("files:people:shop:customer-77", "shop", "people", "customer-77"),
    ),
    emails=("ann.lee@example.org",),
    phones=("+14155550123",),
    spellings=("Ann.Lee+news@example.org", "(415) 555-0123"),
)


@pytest.mark.parametrize(
    "value",
    [
        *("ann.lee@example.org", "ANN.LEE@Example.org", "Ann Lee <ann.lee@example.org>"),
        *(
            "bob@x.org; ann.lee@example.org",
            "a line\nann.lee@example.org",
            "to ann.lee@example.org.",
        ),
        *("Ann.Lee+news@example.org", "ann.lee+NEWS@example.org"),
        *("(415) 555-0123", "+1 415-555-0123", "14155550123", "+1 (415) 555 0123"),
        *("tel:+14155550123;ext=1", LONG_ID),
        *("003Abcdefghijkl", "x,customer-77,y"),
    ],
)
def test_what_is_hers_is_found(value: str) -> None:
    assert re.search(pattern_of(ANN), json.dumps({"column": value}))


@pytest.mark.parametrize(
    "value",
    [
        *("joann.lee@example.org", "ann.lee@example.org.uk", "ann.lee@example.organic"),
        "lee@example.org",
        *("+1 415-555-01234", "5550123", "41 (415) 555-01", "914155550123"),
        # Upper and lower case tell ids of Salesforce apart; a short number means anything.
        *("003ABCDEFGHIJKL", "003abcdefghijkl", "12", "customer-770", "xcustomer-77"),
    ],
)
def test_what_is_another_persons_is_not_found(value: str) -> None:
    assert not re.search(pattern_of(ANN), json.dumps({"column": value}))


def test_a_person_without_keys_is_found_nowhere() -> None:
    nobody = DataSubject("per_2", (), (), (), (), ())
    for pattern in (pattern_of(nobody), record_pattern_of(nobody)):
        assert not re.search(pattern, json.dumps({"a": "", "b": "a^"}))


def test_what_must_be_gone_is_a_record_id_or_an_address() -> None:
    pattern = record_pattern_of(ANN)
    assert re.search(pattern, '{"record_id":"hubspot:contact:12"}')
    assert re.search(pattern, '{"emails":["ANN.lee@example.org"]}')
    assert not re.search(pattern, '{"record_id":"hubspot:contact:123"}')


def test_an_id_of_salesforce_is_one_with_and_without_its_suffix() -> None:
    assert key_of("salesforce", "task", "00TAbcdefghijklMNO") == key_of(
        "salesforce", "task", "00TAbcdefghijkl"
    )
    assert key_of("files", "people", "7", "shop") == "files:people:shop:7"
    assert key_of("gmail", "message", "7") == "gmail:message:7"
