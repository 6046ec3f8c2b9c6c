"""What `concord resolve` is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.mapping.mapped_file import InputFile

DEFAULT_MEMORY_LIMIT: Final = "4GB"
# Of a workbook that nobody asked for.
MOST_USUAL_ROWS: Final = 50_000
# Of a list of people, within the folder of its result.
COMPANIES_FOLDER: Final = "companies"


@dataclass(frozen=True, slots=True)
class ResolveRequest:
    """What the user asked for. All files are of one entity."""

    files: tuple[InputFile, ...]
    output: Path
    # Of the files for people; none: only clusters and pairs.
    formats: tuple[str, ...] = ()
    # Nobody asked for them: a large file gets no workbook, which would take longer than the rest.
    are_usual_formats: bool = False
    previous: Path | None = None
    answers: Path | None = None
    # The companies that people's records name get a result of their own.
    with_companies: bool = False
    company_answers: Path | None = None
    # The rows have numbers of this result, whatever their mapping says.
    has_numbered_rows: bool = False
    keep_warehouse: Path | None = None
    memory_limit: str = DEFAULT_MEMORY_LIMIT
    with_report: bool = False
    # As it stands in its file, where one mapping is for all files.
    mapping_text: str | None = None
    replaces_result: bool = False

    @property
    def entity(self) -> str:
        """Return what the files are about: person or company."""
        return self.files[0].mapping.entity

    @property
    def may_replace(self) -> bool:
        """Say whether an earlier result in the folder may go: its ids go on, or nobody wants it."""
        return self.replaces_result or self.previous == self.output

    def formats_for(self, row_count: int) -> tuple[str, ...]:
        """Return the formats that files with so many rows are written in."""
        if self.are_usual_formats and row_count > MOST_USUAL_ROWS:
            return tuple(name for name in self.formats if name != "xlsx")
        return self.formats

    @property
    def title(self) -> str:
        """Return the name of the file, or of the first of them."""
        more = f" and {len(self.files) - 1} more" if len(self.files) > 1 else ""
        return f"{self.files[0].path.name}{more}"


@dataclass(frozen=True, slots=True)
class ResolveSummary:
    """What came out."""

    entity: str
    records: int
    pairs_compared: int
    clusters: int
    largest_cluster: int
    expected_precision: float | None
    expected_precision_lower: float | None
    expected_precision_upper: float | None
    expected_recall: float | None
    expected_recall_lower: float | None
    expected_recall_upper: float | None
    skipped_rows: int
    dropped_cells: int
    blank_lines: int
    trimmed_ids: int
    # Reasons to look at the result before it is used.
    doubts: tuple[str, ...]
    # What the files lack.
    hints: tuple[str, ...]
    # Names of the source systems.
    sources: tuple[str, ...]
    # Questions in review.csv; None where it was not asked for.
    questions: int | None
    # Records by what happened to them since the previous result; None without one.
    changes: dict[str, int] | None
    seconds: dict[str, float]
    # Of the companies that the people's records name, where they were asked for.
    companies: ResolveSummary | None = None
