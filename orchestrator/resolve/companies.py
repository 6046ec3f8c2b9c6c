"""The companies that a list of people names: resolved beside the people, before them.

One row per record that names a company, under the record's own source and id. The address of a
person is not its company's, and somebody who changes jobs takes an e-mail address along: name, web
domain and country are all that goes over.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.mapping.mapped_file import InputFile
from orchestrator.mapping.mapped_sql import quoted
from orchestrator.mapping.mapping import Mapping
from orchestrator.reading.file_options import FileOptions
from orchestrator.resolve.output.tables import COMPANY_ID, COMPANY_IDS
from orchestrator.resolve.output.write_files import FORMATS
from orchestrator.resolve.request import COMPANIES_FOLDER
from orchestrator.resolve.result_folder import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from orchestrator.mapping.mapped_file import MappedFiles
    from orchestrator.resolve.request import ResolveRequest, ResolveSummary

NAMES_OF_COMPANIES: Final = "company_name"
OF_PEOPLE: Final = Mapping.model_validate(
    {
        "entity": "company",
        "record_id": "record_id",
        "source_system": "source_system",
        "columns": {
            "company_name": NAMES_OF_COMPANIES,
            "domains": ["company_domain", "email_domains"],
            "country": "country",
        },
    }
)
# The tables of the result hold the ids that the people's table takes over.
READ_FORMAT: Final = "parquet"


def names_companies(request: ResolveRequest) -> bool:
    """Say whether a column of the files names companies."""
    return any(NAMES_OF_COMPANIES in file.mapping.columns for file in request.files)


def check_companies(request: ResolveRequest) -> None:
    """Refuse, before the work, to find companies where nothing names one."""
    if request.entity != "person":
        raise InputError(
            "the files are about companies already",
            "leave --companies and --company-decisions out",
        )
    if not request.formats:
        raise InputError("companies are found in the files for people", "leave `--format none` out")
    if not names_companies(request):
        raise InputError(
            "no column names a company",
            f"map one to {NAMES_OF_COMPANIES}, or leave --companies out",
        )


def company_request(
    request: ResolveRequest, files: MappedFiles, scratch: Path
) -> ResolveRequest | None:
    """Return what is asked of the companies; None where no row names one."""
    path = scratch / f"companies of {request.files[0].path.name}.parquet"
    before = None if request.previous is None else request.previous / COMPANIES_FOLDER
    previous = before if before is not None and before.is_dir() else None
    if not _write_companies(files, path):
        path.unlink()
        if request.company_answers is not None:
            raise InputError(
                "no row names a company that the answers could be about",
                "leave --company-decisions out",
            )
        if previous is not None:
            # Their ids wait for the file that names them again.
            shutil.copytree(previous, scratch / COMPANIES_FOLDER)
        return None
    formats = tuple(name for name in FORMATS if name in {*request.formats, READ_FORMAT})
    return replace(
        request,
        files=(InputFile(path, OF_PEOPLE, FileOptions()),),
        output=scratch / COMPANIES_FOLDER,
        formats=formats,
        previous=previous,
        has_numbered_rows=any(file.mapping.is_numbered for file in request.files),
        answers=request.company_answers,
        company_answers=None,
        keep_warehouse=None,
        mapping_text=None,
        with_companies=False,
    )


def take_companies(scratch: Path, formats: Sequence[str]) -> None:
    """Write the company of each record where the tables read it; an unasked format goes."""
    import duckdb

    records = scratch / COMPANIES_FOLDER / f"records.{READ_FORMAT}"
    duckdb.execute(
        f"copy (select source_system, record_id, entity_id as {COMPANY_ID} "
        f"from {quoted(str(records))}) to {quoted(str(scratch / COMPANY_IDS))} (format parquet)"
    )
    if READ_FORMAT not in formats:
        for table in TABLES:
            (scratch / COMPANIES_FOLDER / f"{table}.{READ_FORMAT}").unlink(missing_ok=True)


def company_hints(request: ResolveRequest, found: ResolveSummary | None) -> Iterator[str]:
    """Yield that no row names a company, or that those which are named could be found."""
    columns = (file.mapping.columns.get(NAMES_OF_COMPANIES) for file in request.files)
    named = next((names for names in columns if names), None)
    if request.with_companies and found is None:
        yield "No row names a company: there is no result of companies"
    elif not request.with_companies and request.formats and named and request.entity == "person":
        shown = " and ".join(f"'{name}'" for name in named)
        yield f"With --companies the companies in {shown} are found too"


def _write_companies(files: MappedFiles, path: Path) -> int:
    """Write the rows that name a company; return how many."""
    domains = "list_transform(emails, lambda e: nullif(split_part(e, '@', 2), ''))"
    person = "coalesce(full_name, nullif(concat_ws(' ', given_name, family_name), ''))"
    files.connection.execute(
        f"""
        copy (
            select
                source_system,
                record_id,
                {person} as person,
                company_name,
                company_domain,
                list_filter({domains}, lambda e: e is not null) as email_domains,
                country,
            from mapped
            where company_name is not null
            order by position
        ) to {quoted(str(path))} (format parquet)
        """
    )
    (count,) = files.connection.execute(
        "select count(*) from mapped where company_name is not null"
    ).fetchall()[0]
    return int(count)
