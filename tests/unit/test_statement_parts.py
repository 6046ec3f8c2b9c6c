"""What changes in a statement is a parameter, or a name that was checked: over all of orchestrator.

Each statement is followed from the call that sends it, back to where its text begins.
"""

from __future__ import annotations

from functools import cache
from typing import Final
from unittest.mock import MagicMock

import pytest

from orchestrator.bigquery.connect import Connection
from orchestrator.errors import ConfigurationError
from orchestrator.serving.lookup import checked_entity
from orchestrator.settings.values import Settings
from tests.unit.allowed_parts import ALLOWED, CHECKED
from tests.unit.document_texts import ROOT
from tests.unit.statement_parts import StatementParts

# A text of a caller goes into a statement; the part that is then found, if not the parameter.
WAYS: Final = {
    "f_string": 'client.query(f"select * from t where id = {asked}")',
    "repr": 'sql = "select 1 where id = "\n    sql += repr(asked)\n    client.query(sql)',
    "percent": 'client.query("select * from t where id = %s" % asked)',
    "plus": 'client.query("select * from t where id = " + asked)',
    "add_to": 'sql = "select 1"\n    sql += f" where id = {asked}"\n    client.query(sql)',
    "join": 'client.query(" ".join(["select * from t where id =", asked]))',
    "append": 'parts = ["select 1"]\n    parts.append(asked)\n    client.query(" ".join(parts))',
    "replace": 'client.query("select * from t where id = ID".replace("ID", asked))',
    "format": 'client.query("select * from t where id = {}".format(asked))',
    "format_by_name": 'client.query("select * from t where id = {one}".format(one=asked))',
    "format_map": 'client.query("select {one}".format_map({"one": asked}))',
    "template": 'client.query(Template("select $one").substitute(one=asked))',
    "template_itself": "client.query(Template(asked).substitute())",
    "in_backticks": 'client.query(f"select * from `{asked}`")',
    "capital": 'ASKED = asked\n    client.query(f"select * from {ASKED}")',
    "only_it": "client.execute(asked)",
    "by_keyword": 'client.query(sql=f"delete from t where {asked}")',
    "by_case": 'client.query(f"select {asked.lower()[:9]}" if asked else "select 1")',
    "by_walrus": 'if (sql := f"select {asked}"):\n        client.query(sql)',
    "of_a_loop": 'for one in [asked]:\n        client.query(f"select {one}")',
    "through_another": "client.query(planted_text(asked))",
    "through_a_field": "client.query(Planted(asked).text)",
}
ELSEWHERE: Final = """
class Planted:
    def __init__(self, text: str) -> None:
        self.text = text

def planted_text(of: str) -> str:
    return f"select * from t where id = {of}"
"""
FOUND: Final = {"repr": "repr(asked)"}


@cache
def modules() -> dict[str, str]:
    """Return the code of all modules of orchestrator."""
    return {
        path.relative_to(ROOT)
        .with_suffix("")
        .as_posix()
        .replace("/", ".")
        .removesuffix(".__init__"): (path.read_text("utf-8"))
        for path in sorted((ROOT / "orchestrator").rglob("*.py"))
    }


def found_in(code: dict[str, str]) -> set[tuple[str, str]]:
    """Return the parts of statements that change, without the name of the package."""
    kept = {part for parts in ALLOWED.values() for own in parts.values() for part in own}
    found = StatementParts(code, CHECKED, kept).found()
    return {(module.removeprefix("orchestrator."), part) for module, part in found}


def test_every_part_that_changes_is_a_parameter_or_has_a_reason() -> None:
    allowed = {
        (module, part) for by in ALLOWED.values() for module, own in by.items() for part in own
    }
    found = found_in(modules())
    assert sorted(found - allowed) == []
    # What is there no longer goes from the list.
    assert sorted(allowed - found) == []


def test_what_quotes_and_checks_is_there() -> None:
    code = "".join(modules().values())
    assert [name for name in sorted(CHECKED) if f"def {name}(" not in code] == []


@pytest.mark.parametrize("name", ["forget.data_subject", "run_log.history"])
def test_a_text_in_a_statement_is_found_in_any_module(name: str) -> None:
    planted = "".join(
        f"\n\ndef planted_{way}(client: object, asked: str) -> None:\n    {body}\n"
        for way, body in WAYS.items()
    )
    module = f"orchestrator.{name}"
    code = {**modules(), module: f"{modules()[module]}\n{ELSEWHERE}{planted}"}
    found = found_in(code)
    for way in WAYS:
        assert (name, FOUND.get(way, f"planted_{way}(asked)")) in found, way


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ('connection.query(f"select {connection.query(asked)}")', "sent: rows"),
        ('connection.query(f"select {os.environ[asked]}")', "os.environ"),
        ('connection.query(f"select {unknown(1)}")', "unknown(1)"),
        ("connection.query(LIST[0])", "os.environ"),
    ],
)
def test_what_comes_from_elsewhere_is_found(body: str, part: str) -> None:
    code = f"import os\nLIST = [os.environ['X']]\ndef sent(connection, asked):\n    {body}\n"
    assert ("one", part) in found_in({"one": code})


@pytest.mark.parametrize(
    "body",
    [
        'connection.query("select @asked", asked)',
        'connection.query(f"select {COLUMNS} from t where n = {n}")',
        "connection.query(f\"select {', '.join(ORDER[asked])}\")",
        'connection.query(f"select {quoted(asked)} limit {len(asked)}")',
    ],
)
def test_constants_numbers_and_what_is_quoted_are_no_parts(body: str) -> None:
    code = (
        'COLUMNS = "a, b"\nORDER = {"up": ("a", "b")}\n'
        f"def sent(connection, asked, n: int):\n    {body}\n"
    )
    assert found_in({"one": code}) == set()


@pytest.mark.parametrize("table", ["t` where true --", "t\\", "t'", "t\nu", 't"'])
def test_a_name_that_could_end_in_a_statement_is_refused(table: str) -> None:
    connection = Connection(Settings(project="p", dataset="d"), MagicMock())
    assert connection.table_id("d", "a_table-1") == "p.d.a_table-1"
    with pytest.raises(ConfigurationError, match="is no name of a table"):
        connection.table_id("d", table)
    with pytest.raises(ValueError, match="neither person nor company"):
        checked_entity(table)
