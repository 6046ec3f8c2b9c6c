"""What is masked in texts, and what stays readable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestrator.cli import COMMANDS
from orchestrator.redaction import redact, redact_file

if TYPE_CHECKING:
    from pathlib import Path

# What stands in backticks is a name.
WORDS = st.text().filter(lambda text: "`" not in text)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Bad int64 value: Ann Lee at [3:4]", "Bad int64 value: <value> at [3:4]"),
        (
            "400 Bad date value: 1. May; reason: invalidQuery, location: query",
            "400 Bad date value: <value>; reason: invalidQuery, location: query",
        ),
        (
            "Could not convert string 'Ann O'Neil' to INT64 when casting from column amount",
            "Could not convert string <value> to INT64 when casting from column amount",
        ),
        ('Invalid time string "half past\ntwo"', "Invalid time string <value>"),
        ("where name = 'Ann' and id = `p.d.t`.id", "where name = <value> and id = `p.d.t`.id"),
        ("it's ann@example.org's", "it's <email>'s"),
        ("user `ann@example.org`", "user <email>`"),
        ("mailto:ann%40example.org", "mailto:<email>"),
        ("call +1 (555) 010-4477, or 555.010.4477", "call <phone>, or <phone>"),
        ("never closed 'Ann Lee", "never closed <value>"),
        ("'concord run Ann Lee'", "<value>"),
    ],
)
def test_values_are_masked(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "It doesn't exist. Can't read `p.d.t1234567`",
        "Model 'model.concord.x' depends on a node named 'y' which was not found",
        "Query exceeded limit for bytes billed: 1000000. 10485760 or higher required.",
        "Not found: Table concord-local:concord_marts.dim_persons was not found in location US",
        "Unrecognized name: foo; Did you mean fooo? at [3:4]",
        "Syntax error: Expected end of input but got keyword select at [2:1]",
        "Got 3 results, configured to fail if != 0",
        "run 20261125t020000z-0a1b2c of 2026-11-25 02:00:00",
        "'concord retry 20261125t020000z-0a1b2c' runs what is left, 'concord history' tells",
        (
            "Query execution failed: Invalid Input Error: Concord refuses: the person model"
            " 0a1b2c3d4e5f6071 was trained with other levels (email 5): train another version"
        ),
        "Job ID: 3f9a2b1c-1234-4321-9876-123456789012",
        "compiled code at target/run/concord/models/staging/stg_files__people.sql",
        "Could not serialize access to table p:d.t due to concurrent update",
        "10:45:12.345678  Running with dbt=1.12.1",
        "2026-11-28 10:45:12.345678 | started | 2026/11/28 10:45:12,345",
        "1 of 39 OK created sql table model concord.x [CREATE TABLE in 1234.5678 s]",
        (
            'Binder Error: Referenced column "job_titel" not found in FROM clause!\n'
            'Candidate bindings: "job_title", "postcode", "p.full_name"'
        ),
        'Table with name peeple does not exist!\nDid you mean "people"?',
        'Table "a" does not have a column named "b"',
        'Ambiguous reference to column name "id" (use: "a.id" or "b.id")',
        'Syntax error: Expected ")" but got identifier "name" at [2:1]',
        'Parser Error: syntax error at or near "selct"',
        'CREATE TABLE "concord-local__concord_marts"."dim_persons" AS',
        "'no_such_macro' is undefined. This can happen when calling a macro that does not exist.",
        "unknown canonical column 'nmae'; did you mean 'name'?",
        'Cannot open file "/data/people.csv": No such file',
    ],
)
def test_structure_stays_readable(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("name", COMMANDS)
def test_what_to_type_next_stays_readable(name: str) -> None:
    assert redact(f"look with 'concord {name}'") == f"look with 'concord {name}'"


@given(st.text(), st.emails(), st.text())
@example("'", "ann@example.org", "'")
@example("`", "ann@example.org", "`")
@example("column 'a' ", "o'neil@example.org", "")
def test_no_email_survives(before: str, email: str, after: str) -> None:
    assert email not in redact(f"{before} {email} {after}")
    assert email not in redact(f"{before}{email}{after}")


@given(WORDS, st.from_regex(r"\A\+?[1-9][0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{4}\Z"), WORDS)
@example("", "2079460101", "s")
@example("", "207 946 0101", "seconds")
def test_no_telephone_number_survives(before: str, phone: str, after: str) -> None:
    assert phone not in redact(f"{before} {phone} {after}")


@given(st.text(alphabet="ab1 '\"`@.:\n-<>", max_size=40))
def test_a_second_time_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


def test_a_long_text_without_a_blank_takes_no_ages() -> None:
    # The square of its length would be hours.
    assert redact("a." * 300_000) == "a." * 300_000


def test_the_mark_stays_under_what_it_points_at() -> None:
    text = "LINE 1: select 'Jane Doe-Smith' as name, job_titel from t\n"
    pointed = text.index("job_titel")
    told = redact(f"{text}{' ' * pointed}^").split("\n")
    assert told[0] == "LINE 1: select <value> as name, job_titel from t"
    assert told[1].index("^") == told[0].index("job_titel")


def test_a_name_that_only_looks_like_one_is_masked() -> None:
    assert redact("did you mean 'Jane Doe'?") == "did you mean <value>?"
    assert redact('Candidate bindings: "Jane Doe"') == "Candidate bindings: <value>"
    assert redact("call 10:45:12 5550104477") == "call 10:45:12 <phone>"
    assert "5550104477" not in redact("10:45:12.345 5550104477")


def test_a_file_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "dbt.log"
    redact_file(path)
    path.write_bytes(b"Bad int64 value: Ann Lee\nnext \xff line\n")
    redact_file(path)
    assert path.read_text(encoding="utf-8") == "Bad int64 value: <value>\nnext \ufffd line\n"

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    redact_file(path)
    assert list(tmp_path.iterdir()) == []
