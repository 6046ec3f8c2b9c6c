"""The companies that people name: which rows go over, and what is refused before any work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from orchestrator.errors import InputError
from orchestrator.mapping.mapped_file import InputFile, open_mapped_files
from orchestrator.mapping.mapping import Mapping
from orchestrator.reading.file_options import FileOptions
from orchestrator.resolve.companies import check_companies, company_hints, company_request
from orchestrator.resolve.request import ResolveRequest
from orchestrator.settings.values import Settings
from orchestrator.sources.source_schemas import raw_table, read_raw_tables

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"given_name": "first", "family_name": "last", "emails": "mail", "company_name": "firm"}
ROWS = """id,first,last,mail,firm
1,Ann,Lee,"ann@acme.example; ann@home.example",Acme
2,Bob,Ray,,
"""


def request(tmp_path: Path, text: str = ROWS, **changes: Any) -> ResolveRequest:  # noqa: ANN401
    """Return a request for a file of people."""
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    values = {"entity": "person", "record_id": "id", "columns": COLUMNS, **changes.pop("map", {})}
    file = InputFile(path, Mapping.model_validate(values), FileOptions())
    return ResolveRequest((file,), tmp_path / "out", ("csv",), with_companies=True, **changes)


def asked(request: ResolveRequest, tmp_path: Path) -> ResolveRequest | None:
    """Return what is asked of the companies."""
    table = raw_table(read_raw_tables(Settings().project_dir), "files.people")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with open_mapped_files(request.files, table, scratch) as files:
        return company_request(request, files, scratch)


def test_rows_that_name_a_company_go_over(tmp_path: Path) -> None:
    found = asked(request(tmp_path), tmp_path)
    assert found is not None
    (file,) = found.files
    assert (found.entity, found.formats, found.with_companies) == (
        "company",
        ("csv", "parquet"),
        False,
    )
    rows = duckdb.sql(f"from '{file.path}'").fetchall()
    domains = ["acme.example", "home.example"]
    assert rows == [("people", "1", "Ann Lee", "Acme", None, domains, None)]


def test_numbers_of_rows_are_no_ids_for_answers(tmp_path: Path) -> None:
    found = asked(request(tmp_path, map={"record_id": "auto"}), tmp_path)
    assert found is not None
    assert found.has_numbered_rows


def test_ids_of_companies_wait_for_a_file_that_names_them(tmp_path: Path) -> None:
    before = tmp_path / "before" / "companies"
    before.mkdir(parents=True)
    (before / "ledger.parquet").write_bytes(b"kept")
    nobody = ROWS.replace(",Acme", ",")
    assert asked(request(tmp_path, nobody, previous=tmp_path / "before"), tmp_path) is None
    assert (tmp_path / "scratch" / "companies" / "ledger.parquet").read_bytes() == b"kept"


def test_answers_about_nobody_are_refused(tmp_path: Path) -> None:
    nobody = request(tmp_path, ROWS.replace(",Acme", ","), company_answers=tmp_path / "x.csv")
    with pytest.raises(InputError, match="no row names a company that the answers"):
        asked(nobody, tmp_path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"map": {"columns": {"given_name": "first"}}}, "no column names a company"),
        (
            {"map": {"entity": "company", "columns": {"company_name": "firm"}}},
            "the files are about companies already",
        ),
    ],
)
def test_what_has_no_companies(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_companies(request(tmp_path, **changes))


def test_hints(tmp_path: Path) -> None:
    wanted = request(tmp_path)
    assert list(company_hints(wanted, None)) == [
        "No row names a company: there is no result of companies"
    ]
    unasked = ResolveRequest(wanted.files, wanted.output, ("csv",))
    assert list(company_hints(unasked, None)) == [
        "With --companies the companies in 'firm' are found too"
    ]
    assert list(company_hints(ResolveRequest(wanted.files, wanted.output), None)) == []
