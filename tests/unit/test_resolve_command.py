"""What `concord resolve` makes of its arguments, before any file is resolved."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orchestrator.cli import execute
from orchestrator.errors import RunFailed
from orchestrator.resolve import run
from orchestrator.resolve.request import ResolveRequest, ResolveSummary
from orchestrator.resolve.result_text import result_text

if TYPE_CHECKING:
    from orchestrator.settings.values import Settings

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = "Kunden-Nr.;Vorname;Nachname;E-Mail;Telefon\n7;Jörg;Weiß;joerg@weiss.example;030 5550101\n"
MAPPING = "entity: person\nrecord_id: Kunden-Nr.\ncolumns: {given_name: Vorname}\n"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[ResolveRequest]:
    """Stand in a folder with a file; collect what would be resolved."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kunden.csv").write_text(PEOPLE, encoding="cp1252")
    requests: list[ResolveRequest] = []

    def resolve(settings: Settings, request: ResolveRequest, clock: object) -> ResolveSummary:
        requests.append(request)
        raise RunFailed("enough", "look at the request")

    monkeypatch.setattr(run, "resolve_files", resolve)
    return requests


def test_without_a_mapping_one_is_proposed_and_taken(
    asked: list[ResolveRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["resolve", "kunden.csv", "--yes"]) == 1
    (request,) = asked
    (file,) = request.files
    assert (file.mapping.record_id, file.options.encoding) == ("Kunden-Nr.", "cp1252")
    assert file.mapping.columns["family_name"] == ("Nachname",)
    assert request.mapping_text is not None
    assert (request.output, request.formats) == (
        Path("kunden-resolved"),
        ("csv", "xlsx", "parquet"),
    )
    assert request.with_report
    assert "E-Mail" in capsys.readouterr().err


def test_without_a_word_and_without_anybody_to_ask_nothing_is_done(
    asked: list[ResolveRequest],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert execute(["resolve", "kunden.csv"]) == 2
    assert asked == []
    assert "pass --yes to take the proposed mapping" in capsys.readouterr().err


def test_the_mapping_of_the_previous_result_is_used_again(asked: list[ResolveRequest]) -> None:
    Path("before").mkdir()
    Path("before/mapping.yml").write_text(MAPPING, encoding="utf-8")
    command = ["resolve", "kunden.csv", "--previous", "before"]
    assert execute([*command, "--out", "before", "--format", "xlsx, CSV", "--no-report"]) == 1
    (request,) = asked
    assert request.files[0].mapping.columns == {"given_name": ("Vorname",)}
    # Read as it is encoded, as the first one was.
    assert request.files[0].options.encoding == "cp1252"
    assert (request.formats, request.with_report) == (("csv", "xlsx"), False)
    assert request.may_replace
    assert request.mapping_text == MAPPING


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--format", "xslx"], "--format 'xslx' is unknown; did you mean 'xlsx'?"),
        (["--format", ""], "--format '' is unknown"),
        (["--map", "map.yml", "--map", "map.yml", "--map", "map.yml"], "1 files and 3 mappings"),
        (["--map", "gone.yml"], "cannot read gone.yml"),
        (["--yes", "--sheet", "x", "--delimiter", "ab"], "'ab' cannot be a delimiter"),
    ],
)
def test_arguments_that_make_no_sense(
    asked: list[ResolveRequest],
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    told: str,
) -> None:
    Path("map.yml").write_text(MAPPING, encoding="utf-8")
    assert execute(["resolve", "kunden.csv", *options]) == 2
    assert told in capsys.readouterr().err
    assert asked == []


def summary(**changes: Any) -> ResolveSummary:  # noqa: ANN401 - values of any field
    """Return a summary."""
    values: dict[str, Any] = dict.fromkeys(ResolveSummary.__dataclass_fields__)
    numbers = ("records", "pairs_compared", "clusters", "largest_cluster", "skipped_rows")
    values |= dict.fromkeys((*numbers, "dropped_cells", "blank_lines", "trimmed_ids"), 3)
    values |= {"doubts": (), "hints": (), "sources": ("a",), "seconds": {"read": 1.0}}
    return ResolveSummary(**(values | changes))


def test_the_result_in_words() -> None:
    text = result_text(
        summary(changes={"born": 2, "retired": 1}, questions=4, hints=("Only the name.",)),
        Path("out"),
        ("records.csv", "report.html"),
    )
    assert "Expected" not in text
    assert "Worth a look                4  (review)" in text
    assert "Left out: 3 rows that could not be read" in text
    lines = text.splitlines()
    assert lines.index("Records since the previous result") + 1 == lines.index(
        "                            2  new, of somebody new"
    )
    assert lines[-1] == "Written to out: records.csv, report.html"
    assert "Only the name." in lines
    nothing = result_text(summary(changes={}), Path("out"), ())
    assert "Records since the previous result: nothing has changed" in nothing
