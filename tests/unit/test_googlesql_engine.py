"""The analyzer and evaluator themselves, and the cache of the compiled module."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tools.googlesql_check import compiled_module
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError

EMPTY_WASM_MODULE = b"\0asm\x01\0\0\0"


@pytest.fixture(scope="module")
def google_sql() -> GoogleSql:
    return GoogleSql()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", 1),
        ("cast(null as int64)", None),
        ("-1.25", -1.25),
        ("true", True),
        ("'é'", "é"),
        ("b'a'", b"a"),
        ("date '1969-12-31'", dt.date(1969, 12, 31)),
        ("time '23:11:12.5'", dt.time(23, 11, 12, 500000)),
        (
            "datetime '2020-11-30 23:59:58.5'",
            dt.datetime.fromisoformat("2020-11-30T23:59:58.5"),
        ),
        (
            "timestamp '2020-01-01 10:00:00.000001 Europe/Berlin'",
            dt.datetime(2020, 1, 1, 9, 0, 0, 1, tzinfo=dt.UTC),
        ),
        ("timestamp '1960-01-01'", dt.datetime(1960, 1, 1, tzinfo=dt.UTC)),
        ("numeric '-1.5'", Decimal("-1.5")),
        (
            "bignumeric '12345678901234567890123456789012345678.25'",
            Decimal("12345678901234567890123456789012345678.25"),
        ),
        ("""json '{"a": [1]}'""", {"a": [1]}),
        ("[struct(1 as a, [true] as b)]", [{"a": 1, "b": [True]}]),
    ],
)
def test_values_come_back_as_python_values(
    google_sql: GoogleSql, expression: str, expected: object
) -> None:
    assert google_sql.evaluate(f"select {expression} as x") == [{"x": expected}]


def test_rows_and_columns_keep_their_order(google_sql: GoogleSql) -> None:
    rows = google_sql.evaluate("select n, n * 2 as twice from unnest([3, 1, 2]) as n order by n")
    assert rows == [{"n": 1, "twice": 2}, {"n": 2, "twice": 4}, {"n": 3, "twice": 6}]
    assert list(rows[0]) == ["n", "twice"]


def test_an_evaluation_error_is_told(google_sql: GoogleSql) -> None:
    with pytest.raises(GoogleSqlError, match="division by zero"):
        google_sql.evaluate("select div(1, 0) as x")


def test_a_refused_statement_is_told_with_its_place(google_sql: GoogleSql) -> None:
    with pytest.raises(GoogleSqlError, match=r"Function not found: nowhere.*\[at 2:1\]"):
        google_sql.analyze("select\nnowhere(1) as x")


def test_a_crash_restarts_the_engine(google_sql: GoogleSql) -> None:
    before = google_sql.starts
    with pytest.raises(GoogleSqlError, match="the analyzer crashed"):
        google_sql.evaluate("select net.reg_domain('http://a.co.uk') as x")
    assert google_sql.starts == before + 1
    assert google_sql.evaluate("select 1 as x") == [{"x": 1}]


def test_a_script_is_resolved_statement_by_statement(google_sql: GoogleSql) -> None:
    script = "select 1 as x;\n-- é\nselect 'é' as y;\n"
    assert len(list(google_sql.analyze_script(script))) == 2
    with pytest.raises(GoogleSqlError, match=r"\[at 3:8\]"):
        list(google_sql.analyze_script("select 1 as x\n;\nselect nowhere() as y"))


@pytest.fixture
def small_wasm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module that compiles at once, in the place of the analyzer's."""
    path = tmp_path / "small.wasm"
    path.write_bytes(EMPTY_WASM_MODULE)
    monkeypatch.setattr(compiled_module, "get_wasm_path", lambda: path)
    return path


def test_the_compiled_module_is_kept_and_found_again(small_wasm: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    engine = compiled_module.new_engine()
    compiled_module.load_module(engine, folder)
    assert [path.suffix for path in folder.iterdir()] == [".cwasm"]
    # A second compilation would fail: there is nothing left to compile from.
    small_wasm.write_bytes(b"\0" * len(EMPTY_WASM_MODULE))
    compiled_module.load_module(engine, folder)


def test_a_broken_cache_file_is_replaced(small_wasm: Path, tmp_path: Path) -> None:
    engine = compiled_module.new_engine()
    compiled_module.load_module(engine, tmp_path / "cache")
    (cached,) = (tmp_path / "cache").iterdir()
    good = cached.read_bytes()
    cached.write_bytes(b"not a module")
    compiled_module.load_module(engine, tmp_path / "cache")
    assert cached.read_bytes() == good


def test_a_cache_that_cannot_be_written_does_not_matter(small_wasm: Path, tmp_path: Path) -> None:
    # A file stands where the folder would be; that stops even the superuser.
    blocked = tmp_path / "cache"
    blocked.write_text("")
    compiled_module.load_module(compiled_module.new_engine(), blocked)
    assert blocked.read_text() == ""


def test_the_cache_follows_the_base_directory_specification(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiled_module.user_cache_folder() == tmp_path / "concord"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert compiled_module.user_cache_folder() == Path.home() / ".cache" / "concord"
