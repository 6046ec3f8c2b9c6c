"""Whatever is given as a file or a mapping: a clear error, or rows that add up."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from orchestrator.errors import ConcordError
from orchestrator.load.load_file import sort_rows
from orchestrator.load.load_ledger import FileLoad
from orchestrator.load.row_sorter import RowSorter
from orchestrator.mapping.mapped_file import FileFacts, InputFile, open_mapped_files
from orchestrator.mapping.mapping import Mapping, read_mapping
from orchestrator.reading.casting import is_sound
from orchestrator.reading.file_kind import dataset_part, display_name, file_stem
from orchestrator.reading.file_options import FileOptions, share_of
from orchestrator.reading.read_file import open_file
from orchestrator.reading.text_files import content_hash
from orchestrator.sources.source_schemas import read_raw_tables
from tests.unit.hostile.mappings import mappings
from tests.unit.hostile.tables import tables
from tests.unit.hostile.texts import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PEOPLE: Final = read_raw_tables(ROOT)["files.people"]
MAPPING: Final = Mapping.model_validate(
    {
        "entity": "person",
        "record_id": "record_id",
        "columns": {"given_name": "given_name", "emails": "emails"},
    }
)
# Words of the libraries, of Python and of YAML that help nobody who has a file.
ENGINES_WORDS: Final = re.compile(
    r"duckdb|pyarrow|arrow ?invalid|pandas|pydantic|pyyaml|traceback|codec|thrift|errno"
    r"|exception|parser state"
    r"|Invalid Input|read_csv|while (parsing|scanning|constructing)|mapping values|could not"
    r"|object at 0x|NoneType|expecting value|unhashable|Input should|invalid literal",
    re.IGNORECASE,
)

WHAT_RESOLVE_NEEDS: Final = re.compile(
    r"is empty in|repeats a record id|has no rows|has no column|none of the \d+ rows"
)


@dataclass
class Rows:
    """A table in memory."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self.rows.append(row)


def load(path: Path, options: FileOptions) -> tuple[Rows, Rows, Rows]:
    """Read a file as `concord load` does."""
    good, bad, unusable = Rows(), Rows(), Rows()
    load = FileLoad(
        PEOPLE, display_name(path), content_hash(path), "2024-01-01", file_stem(path), "options"
    )
    with open_file(path, options) as file:
        sorter = RowSorter(load, file.place, good, bad, unusable)
        sort_rows(file, sorter, load, options)
    assert sorter.row_count == good.row_count + bad.row_count
    return good, bad, unusable


def resolve(path: Path, mapping: Mapping, options: FileOptions, scratch: Path) -> FileFacts:
    """Read a file as `concord resolve` does, and count what it hands on."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    with open_mapped_files([InputFile(path, mapping, options)], PEOPLE, scratch) as file:
        written = 0
        for chunk in file.write_chunks(scratch, "2024-01-01 00:00:00"):
            written += chunk.read_text(encoding="utf-8").count("\n")
        assert written == file.row_count
        return file.files[0]


def hostile_files(folder: Path) -> Iterator[Path]:
    """Write all files and return their paths."""
    for name, content in texts():
        (folder / name).write_bytes(content)
        yield folder / name
    yield from tables(folder)


def clear(error: ConcordError) -> bool:
    """Say whether an error tells what happened and what to do, in our own words."""
    return bool(
        error.message.strip()
        and error.what_to_do.strip()
        and not ENGINES_WORDS.search(error.message + error.what_to_do)
        and len(error.message) < 2_000
        # What cannot be shown would end the command that shows it.
        and is_sound(error.message + error.what_to_do)
    )


def answer(read: Callable[[], tuple[int, int]]) -> tuple[int, int] | str:
    """Return the rows used and left out, or the message of a clear error."""
    try:
        return read()
    except ConcordError as error:
        return error.message if clear(error) else f"UNCLEAR {error.message} | {error.what_to_do}"


@pytest.mark.no_cover
def test_every_file_gives_rows_that_add_up_or_a_clear_error(tmp_path: Path) -> None:
    """Both commands use the same rows and leave out the same rows, or both refuse the file."""
    files = tmp_path / "files"
    files.mkdir()
    options = FileOptions(skip_bad_rows=True, max_rejected=1, ignore_columns=True)
    differing: list[str] = []
    unclear: list[str] = []
    tried = 0
    for path in hostile_files(files):

        def load_rows(path: Path = path) -> tuple[int, int]:
            good, bad, _ = load(path, options)
            return good.row_count, bad.row_count

        def resolve_rows(path: Path = path) -> tuple[int, int]:
            facts = resolve(path, MAPPING, options, tmp_path / "scratch")
            return facts.row_count, facts.skipped_rows

        loaded, resolved = answer(load_rows), answer(resolve_rows)
        tried += 1
        if loaded != resolved and not may_differ(loaded, resolved):
            differing.append(f"{path.name}: load {loaded}, resolve {resolved}")
        # What a user meets who gives no options: more files are refused, each in clear words.

        def load_plainly(path: Path = path) -> tuple[int, int]:
            good, bad, _ = load(path, FileOptions())
            return good.row_count, bad.row_count

        plain = answer(load_plainly)
        told = (text for text in (loaded, resolved, plain) if isinstance(text, str))
        unclear += [f"{path.name}: {text}" for text in told if text.startswith("UNCLEAR")]
    assert not differing + unclear, "\n".join(differing + unclear)
    assert tried > 400


def may_differ(loaded: tuple[int, int] | str, resolved: tuple[int, int] | str) -> bool:
    """Say whether two answers differ only in what the commands need of a file.

    `resolve` needs an id in every row, each once, and the columns of its mapping; `load` reads
    more columns, so it may meet damage or a name that stands twice where `resolve` does not look.
    """
    if isinstance(loaded, str) and isinstance(resolved, str):
        return True
    if isinstance(resolved, str):
        return bool(WHAT_RESOLVE_NEEDS.search(resolved))
    return isinstance(loaded, str) and ("is damaged" in loaded or "more than one" in loaded)


@pytest.mark.parametrize(("name", "content"), mappings().items(), ids=lambda value: str(value)[:20])
def test_every_mapping_is_read_or_refused_in_clear_words(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / "map.yml"
    path.write_bytes(content)

    def checked() -> tuple[int, int]:
        mapping = read_mapping(path)
        mapping.check_columns(PEOPLE)
        return len(mapping.check_file("f.csv", ("record_id", "given_name", "family_name"))), 0

    told = answer(checked)
    assert not isinstance(told, str) or not told.startswith("UNCLEAR"), told


OPTIONS: Final[dict[str, list[str]]] = {
    "encoding": [
        *("klingon", "base64", "rot13", "idna", "punycode", "undefined", "unicode_escape", ""),
        *("zlib", "hex", "../x", "bz2", "raw_unicode_escape", "uu", "quopri", "oem"),
    ],
    "delimiter": ["ab", "", '"', "\n", "\r", "\0", "\\n", chr(0xD800), "\\x09", "\\t\\t"],
}


@pytest.mark.parametrize(
    ("option", "value"),
    [(option, value) for option, values in OPTIONS.items() for value in values],
)
def test_options_that_fit_no_file_are_refused(option: str, value: str) -> None:
    with pytest.raises(ConcordError) as caught:
        FileOptions(**{option: value})  # type: ignore[arg-type]
    assert clear(caught.value)


def test_a_tab_may_be_written_as_backslash_t() -> None:
    assert FileOptions(delimiter="\\t").delimiter == FileOptions(delimiter="\t").delimiter == "\t"


@pytest.mark.parametrize("text", ["5%", " 5 %", "0.05"])
def test_a_share_of_rows(text: str) -> None:
    assert share_of(text) == pytest.approx(0.05)


@pytest.mark.parametrize("text", ["5", "101%", "-1%", "nan", "five", "", "%", "1e9", "inf%"])
def test_what_is_no_share_of_rows(text: str) -> None:
    with pytest.raises(ConcordError, match="not a share of rows"):
        share_of(text)


NAMES: Final = (
    *("people[1].csv", "star*.csv", "q?.csv", "a b.csv", "it's.csv", "{a,b}.csv", "顧客.csv"),
    *("-dash.csv", "new\nline.csv", "id=1.csv", "%41.csv", "~.csv", ".csv.csv", "x" * 200 + ".csv"),
)


@pytest.mark.parametrize("name", [*NAMES, b"caf\xe9.csv"])
@pytest.mark.parametrize("folder", [".", "id=1", "record_id=9", "a[1]", "*"])
def test_no_name_makes_another_file_read(tmp_path: Path, name: str | bytes, folder: str) -> None:
    """Signs of a pattern are only signs, and a folder named like a column gives no values."""
    place = tmp_path / folder
    place.mkdir(exist_ok=True)
    for other in ("people1.csv", "star1.csv", "q1.csv", "a.csv"):
        (place / other).write_text("record_id,given_name,emails\n9,Wrong,\n", encoding="utf-8")
    path = place / os.fsdecode(name)
    path.write_text("record_id,given_name,emails\n1,Right,\n", encoding="utf-8")
    good, _, _ = load(path, FileOptions())
    assert [(row["record_id"], row["given_name"]) for row in good.rows] == [("1", "Right")]
    assert good.rows[0]["_file_name"].isprintable()
    good.rows[0]["_file_name"].encode()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    given = InputFile(path, MAPPING, FileOptions())
    with open_mapped_files([given], PEOPLE, scratch) as file:
        chunk = next(file.write_chunks(scratch, "2024-01-01 00:00:00"))
        row = json.loads(chunk.read_text(encoding="utf-8"))
    assert (row["record_id"], row["given_name"]) == ("1", "Right")
    part = dataset_part(path)
    assert re.fullmatch(r"[a-z0-9_]{1,120}", part)


def test_datasets_of_names_in_another_script_do_not_meet() -> None:
    names = ["顧客.csv", "取引先.csv", "caf\u00e9.csv", "cafe.csv", "caf.csv", "___.csv", "....csv"]
    assert len({dataset_part(Path(name)) for name in names}) == len(names)
    assert dataset_part(Path("Kunden 2024.csv")) == "kunden_2024"


def test_a_folder_a_pipe_and_nothing_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path, tmp_path / "pipe.csv", tmp_path / "none.csv", Path("-")):
        with pytest.raises(ConcordError) as caught:
            load(path, FileOptions())
        assert clear(caught.value)
