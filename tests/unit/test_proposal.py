"""What headers and values mean, one by one, and files that are not as they should be."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from orchestrator.errors import ConcordError, InputError, MappingError
from orchestrator.mapping.mapping import parse_mapping
from orchestrator.proposal.column_values import date_order, measured
from orchestrator.proposal.header_words import folded, meaning_of
from orchestrator.proposal.known_words import known_words
from orchestrator.proposal.masked import masked_value
from orchestrator.proposal.propose import Proposal, propose_mapping
from orchestrator.proposal.value_shapes import is_email, is_phone, postcode_region
from orchestrator.reading.file_options import FileOptions
from tests.unit.hostile.tables import tables
from tests.unit.hostile.texts import texts

ROOT: Final = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the word lists be found from any folder."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))


def proposed(tmp_path: Path, content: str | bytes, name: str = "list.csv") -> Proposal:
    """Return the proposal for a file of this content."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return propose_mapping(path, FileOptions())


def targets(proposal: Proposal) -> dict[str, str | None]:
    """Return what each column becomes."""
    return {one.name: one.target for one in proposal.columns}


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Vorname / First name", "given_name"),
        ("FIRSTNAME", "given_name"),
        ("contact.first_name", "given_name"),
        ("Straße", "street"),
        ("STRASSE", "street"),
        ("Geschaeftlich PLZ", "postcode"),
        ("Zip/Postal Code", "postcode"),
        ("Straße/Hausnr.", "street"),
        ("E-Mail (privat)", "emails"),
        ("emailAddress", "emails"),
        ("N° de téléphone", "phones"),
        ("Número de teléfono móvil", "phones"),
        ("TEL;type=CELL", "phones"),
        ("Company Address", "street"),
        ("Default Address Company", "company_name"),
        ("Address1_StateOrProvince", "region"),
        ("Data urodzenia", "date_of_birth"),
        ("Geboortedatum", "date_of_birth"),
        ("Partita IVA", "identifiers.vat"),
    ],
)
def test_headers_in_many_spellings(header: str, target: str) -> None:
    assert meaning_of(header).target == target


@pytest.mark.parametrize(
    "header",
    [
        *("Contact owner", "Email Opt Out", "E-mail 1 - Type", "Fax geschäftlich", "Lead Source"),
        *("Assistant's Phone", "billingAddressId", "Date de création du compte client", "Notizen"),
    ],
)
def test_headers_that_are_about_something_else(header: str) -> None:
    assert meaning_of(header).target == ""


def test_a_number_before_the_last_word_names_the_address_and_one_behind_it_the_line() -> None:
    assert meaning_of("Address 1 - City").block == meaning_of("Address1_Line2").block == "1"
    assert meaning_of("Business Street 2").block == meaning_of("Business City").block == "business"


def test_text_is_folded() -> None:
    assert folded("ŁÓDŹ Straße Ærø") == "lodz strasse aero"


@pytest.mark.parametrize(
    ("value", "region"),
    [
        *(("SW1A 1AA", "GB"), ("1012 AB", "NL"), ("00-950", "PL"), ("01310-100", "BR")),
        *(("1000-205", "PT"), ("K1A 0B1", "CA"), ("10115", ""), ("D-10115", ""), ("Berlin", None)),
    ],
)
def test_postcodes(value: str, region: str | None) -> None:
    assert postcode_region(value) == region


def test_several_values_in_a_cell() -> None:
    assert is_email("a@example.com; b@example.org")
    assert is_phone("+49 30 23125 000 | 030/23125-111")
    assert not is_phone("2024-03-14")
    assert not is_phone("12.50")


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["1980-02-13", "1971-11-30"], "ymd"),
        (["13.02.1980", "01.02.1971"], "dmy"),
        (["02/13/1980", "01/02/1971"], "mdy"),
        (["01/02/1980", "03/04/1971"], None),
        (["13/02/1980", "02/13/1980"], None),
        ([], None),
    ],
)
def test_the_order_of_dates(values: list[str], order: str | None) -> None:
    assert date_order([measured(values, known_words(ROOT))]) == order


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("anna@example.com", "a***@e******.com"),
        ("+49 30 2312500", "+49 ** *****00"),
        ("Jürgen Groß", "J***** G***"),
        ("DE", "**"),
        ("1980-02-13", "****-**-**"),
        ("x", "*"),
        ("Asked for a new list of prices of all goods", "A**** f** * n** l*** ** ..."),
    ],
)
def test_values_are_masked(value: str, shown: str) -> None:
    assert masked_value(value) == shown


def test_of_two_addresses_the_fuller_one_is_used(tmp_path: Path) -> None:
    found = proposed(
        tmp_path,
        "Name,Home Street,Home City,Billing Street,Billing City,Country\n"
        "Anna Weber,,,Main Street 1,Leeds,United Kingdom\n"
        "John Smith,High Street 2,York,Mill Lane 3,London,United Kingdom\n",
    )
    assert targets(found) == {
        "Name": "full_name",
        "Home Street": None,
        "Home City": None,
        "Billing Street": "street",
        "Billing City": "city",
        "Country": "country",
    }
    assert any("several addresses" in doubt for doubt in found.doubts)
    assert found.phone_region == "GB"


def test_an_id_that_repeats_is_no_record_id(tmp_path: Path) -> None:
    found = proposed(tmp_path, "id,name\n1,Anna Weber\n1,John Smith\n")
    assert targets(found)["id"] is None
    assert "record_id: auto" in found.text
    assert any("lines are numbered" in doubt for doubt in found.doubts)


def test_values_that_contradict_their_header_are_not_used(tmp_path: Path) -> None:
    found = proposed(tmp_path, "name,phone,note\nAnna Weber,yes,a\nJohn Smith,no,b\n")
    (phone,) = (one for one in found.columns if one.name == "phone")
    assert (phone.target, phone.confidence) == (None, "doubtful")
    assert any("'phone'" in doubt for doubt in found.doubts)


def test_values_speak_where_the_header_does_not(tmp_path: Path) -> None:
    rows = "".join(
        f"{name}{number}@example.com,+44 20 7946 0{number:03}\n"
        for number, name in enumerate(["anna", "john", "mary", "paul"])
    )
    found = proposed(tmp_path, f"f1,f2\n{rows}")
    assert targets(found) == {"f1": "emails", "f2": "phones"}
    assert {one.confidence for one in found.columns} == {"likely"}
    assert found.phone_region == "GB"


def test_names_that_stand_twice_are_left_out(tmp_path: Path) -> None:
    found = proposed(tmp_path, "name,email,email\nAnna Weber,a@example.com,b@example.com\n")
    assert targets(found) == {"name": "full_name", "email": None}
    parse_mapping(found.text, "text")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Vorname;Ort\nJürgen;Köln\n".encode("cp1252"), "cp1252"),
        ("Vorname;Ort\nJürgen;Köln\n".encode("utf-16"), "utf-8"),
        ("Vorname;Ort\nJürgen;Köln\n".encode("utf-16-le"), "utf-16-le"),
        ("Vorname;Ort\nJürgen;Köln\n".encode("utf-8-sig"), "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, data: bytes, encoding: str) -> None:
    found = proposed(tmp_path, data)
    assert targets(found) == {"Vorname": "given_name", "Ort": "city"}
    assert (found.options.encoding, found.options.delimiter) == (encoding, ";")
    assert any("not encoded in" in doubt for doubt in found.doubts) == (encoding != "utf-8")


def test_broken_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    found = proposed(tmp_path, "name,email,city\nAnna Weber,a@example.com,York\nx,y\n")
    assert found.rows_read == 1
    assert any("cannot be read" in doubt for doubt in found.doubts)


def test_only_the_first_rows_are_read(tmp_path: Path) -> None:
    rows = "".join(f"{number},p{number}@example.com\n" for number in range(2_500))
    found = proposed(tmp_path, f"id,email\n{rows}")
    assert found.rows_read == 2_000
    assert "the first 2,000 rows" in found.text


def test_other_formats(tmp_path: Path) -> None:
    lines = [{"firstName": "Anna", "emails": ["a@example.com", "b@example.com"], "age": 3}] * 2
    found = proposed(tmp_path, "\n".join(map(json.dumps, lines)), "list.jsonl")
    assert targets(found) == {"firstName": "given_name", "emails": "emails", "age": None}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("anna@example.com,Anna\nb@example.com,John\n", "holds values, not names of columns"),
        ("Anna,Weber\nJohn,Smith\n", "holds values, not names of columns"),
        ("name,email\n", "no rows"),
        ("a,b\n1,2\n3,4\n", "no column of list.csv looks like"),
    ],
)
def test_files_that_no_mapping_can_be_proposed_for(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as error:
        proposed(tmp_path, text)
    assert "anna" not in error.value.message


def test_names_of_columns_are_quoted_as_yaml_needs_it(tmp_path: Path) -> None:
    names = ["null", "yes", "Name: first", "#tag email", "'e-mail'", "ort \u2028", "- phone"]
    values = ["Weber", "a", "Anna", "a@example.com", "b@example.com", "York", "+44 20 7946 0000"]
    document = json.dumps(dict(zip(names, values, strict=True)))
    found = proposed(tmp_path, f"{document}\n{document}\n", "list.jsonl")
    mapping = parse_mapping(found.text, "text")
    assert set(mapping.file_columns()) == {one.name for one in found.columns if one.target}


def test_a_text_and_a_file_are_checked_alike() -> None:
    with pytest.raises(MappingError, match="the proposal: key 'columns' is missing"):
        parse_mapping("entity: person\nrecord_id: auto\n", "the proposal")


def test_whatever_is_given_ends_in_a_mapping_or_a_clear_error(tmp_path: Path) -> None:
    paths = [*tables(tmp_path)]
    for number, (name, data) in enumerate(texts()):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    count = 0
    for path in paths:
        # Only what tells the user what to do may come out.
        with suppress(ConcordError):
            found = propose_mapping(path, FileOptions())
            names = tuple(one.name for one in found.columns)
            parse_mapping(found.text, path.name).check_file(path.name, names)
            count += 1
    assert 0 < count < len(paths)
