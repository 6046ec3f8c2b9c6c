"""The made-up sample: reproducible, in the declared shapes, with a truth for every record."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from orchestrator.demo.sample.sample import record_sample, write_sample
from orchestrator.demo.sample.world import OWN_DOMAIN

if TYPE_CHECKING:
    from orchestrator.demo.sample.recording import Recording

PROJECT = Path(__file__).parents[2]
DAY = date(2026, 6, 30)
FREE_MAIL = {"gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "icloud.com"}
PLACEHOLDERS = {"noemail@noemail.com", "none@none.com", "n/a"}
FICTIONAL_PHONE = re.compile(
    r"\+?1?\d{3}55501\d\d|(\+44|0044|0)(7700900\d{3}|2079460\d{3})|0{10}|5{10}"
)
PHONE_COLUMNS = re.compile(r"phone|_number$|property_mobilephone")


@pytest.fixture(scope="module")
def sample() -> Recording:
    return record_sample(seed=7, day=DAY)


def declared_columns() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for path in PROJECT.glob("models/staging/*/_*__sources.yml"):
        for source in yaml.safe_load(path.read_text())["sources"]:
            for table in source["tables"]:
                columns = {column["name"]: column["data_type"] for column in table["columns"]}
                tables[f"{source['name']}.{table['name']}"] = columns
    return tables


def live_records(sample: Recording) -> tuple[set[str], set[str]]:
    """Record ids of people and companies, found in the rows alone."""
    people: set[str] = set()
    companies: set[str] = set()
    for kind, found in (("contact", people), ("lead", people), ("account", companies)):
        for row in sample.rows[f"salesforce.{kind}"]:
            if row.get("id") and not row["is_deleted"]:
                found.add(f"salesforce:{kind}:{row['id']}")
    for kind, found in (("contact", people), ("company", companies)):
        rows = sample.rows[f"hubspot.{kind}"]
        found.update(f"hubspot:{kind}:{row['id']}" for row in rows if row["id"])
    for row in sample.rows["gmail.message_participant"]:
        address = str(row["address"]).lower()
        if not address.endswith(f"@{OWN_DOMAIN}"):
            people.add(f"gmail:participant:{address}")
    numbers = {row["external_number"] for row in sample.rows["dialpad.call"]} - {None}
    people.update(f"dialpad:caller:{number}" for number in numbers)
    impossible = {"salesforce:contact:0035g00000futurAAA", "hubspot:contact:99000001"}
    return people - impossible, companies


def written(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.jsonl")}


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    write_sample(tmp_path / "first", seed=3, people=60, day=DAY)
    write_sample(tmp_path / "second", seed=3, people=60, day=DAY)
    write_sample(tmp_path / "other", seed=4, people=60, day=DAY)
    first = written(tmp_path / "first")
    assert len(first) == 13
    assert first == written(tmp_path / "second")
    assert first != written(tmp_path / "other")


def test_sample_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    for name in ("1", "2"):
        command = [
            sys.executable,
            "-m",
            "orchestrator.demo.sample",
            str(tmp_path / name),
            "--people",
            "60",
        ]
        environment = {"PYTHONHASHSEED": name}
        subprocess.run(command, check=True, cwd=PROJECT, env=environment, capture_output=True)
    assert written(tmp_path / "1") == written(tmp_path / "2")


def test_size(sample: Recording) -> None:
    assert 4800 <= len(sample.person_truth) + len(sample.company_truth) <= 5400


def test_rows_have_the_declared_columns(sample: Recording) -> None:
    declared = declared_columns()
    for table, rows in sample.rows.items():
        for row in rows:
            assert not row or set(row) == set(declared[table]), table


def test_values_have_the_declared_types(sample: Recording) -> None:
    patterns = {
        "TIMESTAMP": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        "DATE": re.compile(r"\d{4}-\d\d-\d\d"),
    }
    plain: dict[str, type] = {"STRING": str, "INT64": int, "BOOL": bool}
    for table, columns in declared_columns().items():
        for row in sample.rows.get(table, []):
            for name, value in row.items():
                if value is None:
                    continue
                data_type = columns[name]
                if data_type in patterns:
                    assert patterns[data_type].fullmatch(str(value)), (table, name, value)
                else:
                    assert type(value) is plain[data_type], (table, name, value)


def test_truth_covers_exactly_the_live_records(sample: Recording) -> None:
    people, companies = live_records(sample)
    assert set(sample.person_truth) == people
    assert set(sample.company_truth) == companies


def test_nothing_is_in_the_future_but_what_must_be_put_aside(sample: Recording) -> None:
    limit = DAY.isoformat()
    for table, rows in sample.rows.items():
        late = [
            row
            for row in rows
            if any(re.match(r"\d{4}-\d\d-\d\dT", str(v)) and str(v) >= limit for v in row.values())
        ]
        expected = [bad for bad in sample.bad_rows if bad.table == table and "future" in bad.reason]
        assert len(late) == len(expected), table


def test_every_phone_number_is_fictional(sample: Recording) -> None:
    seen = 0
    for rows in sample.rows.values():
        for row in rows:
            for name, value in row.items():
                if value in (None, "n/a") or not PHONE_COLUMNS.search(name):
                    continue
                dialled = re.sub(r"[^\d+]", "", str(value).split(" x")[0])
                assert FICTIONAL_PHONE.fullmatch(dialled), (name, value)
                seen += 1
    assert seen > 3000


def test_every_domain_is_reserved_or_free_mail(sample: Recording) -> None:
    text = json.dumps(sample.rows, ensure_ascii=False)
    domains = Counter(d.lower() for d in re.findall(r"@([A-Za-z0-9.-]+)", text))
    foreign = {d for d in domains if not d.endswith(".example")} - FREE_MAIL
    assert foreign == {p.partition("@")[2] for p in PLACEHOLDERS if "@" in p}


@pytest.mark.parametrize(
    "case",
    [
        *("nickname", "initial", "typo", "swapped_name", "hyphenated_name", "household", "jr_sr"),
        *("switchboard", "role_mailbox", "family_mailbox", "plus_tag", "converted_lead"),
        *("merged_contact", "job_change", "former_name", "placeholder_name"),
    ],
)
def test_hard_cases_are_there(sample: Recording, case: str) -> None:
    assert sum(case in row.cases for row in sample.person_truth.values()) >= 10


def test_converted_leads_and_their_contacts_are_one_person(sample: Recording) -> None:
    truth = sample.person_truth
    converted = [
        row for row in sample.rows["salesforce.lead"] if row.get("is_converted") and row["id"]
    ]
    assert len(converted) > 50
    for lead in converted:
        contact = truth[f"salesforce:contact:{lead['converted_contact_id']}"]
        assert truth[f"salesforce:lead:{lead['id']}"].entity_id == contact.entity_id


def test_merged_hubspot_contacts_are_one_person(sample: Recording) -> None:
    truth = sample.person_truth
    merged = [
        (row["id"], str(row["property_hs_calculated_merged_vids"]).split(":")[0])
        for row in sample.rows["hubspot.contact"]
        if row["id"] and row["property_hs_calculated_merged_vids"]
    ]
    assert len(merged) > 10
    for winner, loser in merged:
        records = (f"hubspot:contact:{winner}", f"hubspot:contact:{loser}")
        assert truth[records[0]].entity_id == truth[records[1]].entity_id


def test_shared_phones_belong_to_different_people(sample: Recording) -> None:
    owners: dict[str, set[str]] = {}
    for row in sample.rows["salesforce.contact"]:
        record = sample.person_truth.get(f"salesforce:contact:{row['id']}")
        digits = re.sub(r"\D", "", str(row["phone"] or "").split(" x")[0])[-10:]
        if record and len(digits) == 10:
            owners.setdefault(digits, set()).add(record.entity_id)
    assert sum(len(people) >= 3 for people in owners.values()) >= 30


def test_father_and_son_differ_in_the_truth(sample: Recording) -> None:
    entities = {row.entity_id for row in sample.person_truth.values() if "jr_sr" in row.cases}
    assert len(entities) >= 20


def test_bad_rows_are_what_the_list_says(sample: Recording, tmp_path: Path) -> None:
    files = write_sample(tmp_path, seed=7, day=DAY)
    stated = Counter((bad.table, bad.reason) for bad in sample.bad_rows)
    for table, path in files.tables.items():
        found = count_bad_lines(path, "call_id" if table == "dialpad.call" else "id")
        for reason, count in found.items():
            assert stated[(table, reason)] == count, (table, reason)
    assert sum(stated.values()) == len(files.bad_rows.read_text().splitlines()) >= 20


def count_bad_lines(path: Path, key: str) -> dict[str, int]:
    if path.name.endswith("message_participant.jsonl"):
        return {}
    rows: list[dict[str, Any]] = []
    cut_off = no_object = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            cut_off += 1
        else:
            no_object += not isinstance(row, dict)
            rows += [row] if isinstance(row, dict) else []
    ids = Counter(row[key] for row in rows if row.get(key))
    return {
        "line cut off": cut_off,
        "not an object": no_object,
        "empty row": sum(row == {} for row in rows),
        "missing id": sum(bool(row) and row[key] is None for row in rows),
        "duplicate id": sum(count - 1 for count in ids.values()),
    }


def test_more_people_than_phone_numbers_is_a_clear_error() -> None:
    with pytest.raises(ValueError, match="more people than there are fictional phone numbers"):
        record_sample(people=20_000)


def test_the_same_email_is_in_two_places_with_and_without_its_header_id(sample: Recording) -> None:
    messages = [row for row in sample.rows["gmail.message"] if row["id"]]
    header_ids = Counter(row["rfc822_message_id"] for row in messages)
    logged = Counter(row["message_identifier"] for row in sample.rows["salesforce.email_message"])
    in_two_mailboxes = [name for name, count in header_ids.items() if name and count > 1]
    assert len(in_two_mailboxes) > 20
    assert header_ids[None] > 10
    assert len(set(logged) & set(header_ids) - {None}) > 20
    assert max(count for name, count in logged.items() if name) == 1


def test_copies_of_emails_leave_the_names_of_addresses_alone(sample: Recording) -> None:
    uses = Counter(
        str(row["address"]).lower()
        for row in sample.rows["gmail.message_participant"]
        if not str(row["message_id"]).startswith("18d")
    )
    copied = {
        str(row["address"]).lower()
        for row in sample.rows["gmail.message_participant"]
        if str(row["message_id"]).startswith("18d")
    }
    outside = {address for address in copied if not address.endswith(f"@{OWN_DOMAIN}")}
    assert outside
    assert {uses[address] for address in outside} == {1}


@pytest.mark.parametrize(
    ("table", "column"),
    [("salesforce.account", "parent_id"), ("hubspot.company", "property_hs_parent_company_id")],
)
def test_some_companies_have_parents_and_none_is_above_itself(
    sample: Recording, table: str, column: str
) -> None:
    parents = {row["id"]: row[column] for row in sample.rows[table] if row.get(column)}
    assert len(parents) > 3
    assert set(parents.values()) <= {row["id"] for row in sample.rows[table] if row.get("id")}
    for company in parents:
        above = parents[company]
        while above in parents:
            assert above != company
            above = parents[above]
