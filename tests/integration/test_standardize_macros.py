"""The standardizing macros give what is expected, locally and in Google's evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment

from tests.integration.conftest import ROOT
from tests.integration.standardize_cases import CASES, DATES
from tools.googlesql_check.engine import GoogleSql

if TYPE_CHECKING:
    from jinja2.environment import TemplateModule

    from orchestrator.bigquery.connect import Connection

pytestmark = [pytest.mark.integration, pytest.mark.no_cover]


@pytest.fixture(scope="module")
def macros() -> TemplateModule:
    """Return the macros as functions from an SQL expression to an SQL expression."""
    folder = ROOT / "macros" / "standardized"
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.sql"))
        # It returns a boolean through dbt's own `return`.
        if path.stem != "is_month_first_region"
    )
    return Environment(autoescape=False).from_string(source).module  # noqa: S701


@pytest.fixture(scope="module")
def google() -> GoogleSql:
    """Return Google's evaluator."""
    return GoogleSql()


def literal(value: str | None) -> str:
    """Return a value as an SQL literal."""
    if value is None:
        return "cast(null as string)"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\t", "\\t")
    return f"'{escaped}'"


def query(expression: str, values: list[str | None]) -> str:
    """Return a query that computes an expression of `text` for each value, in order."""
    rows = ", ".join(
        f"struct({number} as position, {literal(value)} as text)"
        for number, value in enumerate(values)
    )
    return f"select {expression} as result from unnest([{rows}]) as cases order by position"


def assert_both(
    connection: Connection, google: GoogleSql, expression: str, expected: dict[str | None, Any]
) -> None:
    """Check the results of both engines against the expected ones."""
    sql = query(expression, list(expected))
    local = [row["result"] for row in connection.client.query_and_wait(sql)]
    assert dict(zip(expected, local, strict=True)) == expected
    evaluated = [row["result"] for row in google.evaluate(sql)]
    assert dict(zip(expected, evaluated, strict=True)) == expected


@pytest.mark.parametrize("name", sorted(CASES))
def test_macro(
    connection: Connection, google: GoogleSql, macros: TemplateModule, name: str
) -> None:
    assert_both(connection, google, getattr(macros, name)("text"), CASES[name])


@pytest.mark.parametrize("month_first", [True, False])
def test_date_reading(
    connection: Connection, google: GoogleSql, macros: TemplateModule, month_first: bool
) -> None:
    expected = {text: readings[0 if month_first else 1] for text, readings in DATES.items()}
    expression = getattr(macros, "date_reading")("text", month_first)  # noqa: B009
    assert_both(connection, google, expression, expected)


def test_date_digits(connection: Connection, google: GoogleSql, macros: TemplateModule) -> None:
    digits = {"1960-05-04": "19600504", "0987-12-31": "09871231", None: None}
    expression = getattr(macros, "date_digits")("cast(text as date)")  # noqa: B009
    assert_both(connection, google, expression, digits)


def test_every_macro_has_cases() -> None:
    tested = {*CASES, "date_digits", "date_reading", "is_month_first_region"}
    # CTEs, joins and a pattern, no expressions: what is made of them has their cases.
    parts = {
        *("decoded_names", "name_columns", "is_automatic_sender", "join_automatic_senders"),
        *("family_names_of_two_characters", "legal_form_ctes"),
        "source_records",
    }
    folder = ROOT / "macros" / "standardized"
    assert {path.stem for path in folder.glob("*.sql")} == tested | parts
