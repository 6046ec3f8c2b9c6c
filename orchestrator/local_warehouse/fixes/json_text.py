"""TO_JSON_STRING writes timestamps, large numbers and escapes as BigQuery does.

Stock: DuckDB writes a timestamp with a space and +00, integers beyond 2^53 as numbers (a reader in
JavaScript would round them), 1.0 for a whole float and escapes in capitals, leaves the two line
ends of Unicode as they are, and makes NULL of NULL. A hash or an order of such texts is then
another than BigQuery's. A text that looks exactly like DuckDB's timestamp is taken for one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from orchestrator.local_warehouse.fixes.functions import (
    at_engine_start,
    create_arrow_function,
    one_array,
)
from orchestrator.local_warehouse.fixes.syntax_trees import TreeRepair

if TYPE_CHECKING:
    import duckdb

_NAME: Final = "concord_json_text"
_MOMENT: Final = r'"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)'
# BigQuery writes no digits of a second, three or six.
_FRACTIONS: Final = (
    (r'\.(\d)\+00"', r"\300"),
    (r'\.(\d\d)\+00"', r"\30"),
    (r'\.(\d{3})\+00"', r"\3"),
    (r'\.(\d{4})\+00"', r"\300"),
    (r'\.(\d{5})\+00"', r"\30"),
    (r'\.(\d{6})\+00"', r"\3"),
)
_LINE_ENDS: Final = ("\u2028", "\u2029")
# What is worth a look at each character: escapes with capitals, many digits, whole floats.
_RARE: Final = r"u00[01][A-F]|[:\[,]-?\d{16}|[:\[,]-?\d+\.0[,\]}]"
# Texts without any of it, the most, are looked at once.
_WORTH_A_LOOK: Final = "|".join((_MOMENT, *_LINE_ENDS, _RARE))
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?')
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-F]{4}|.)")
_LARGEST_EXACT: Final = 2**53


def as_bigquery_writes(column: pa.Array) -> pa.Array:
    """Return JSON texts of DuckDB in BigQuery's form."""
    texts = pc.fill_null(one_array(column), "null")
    if not pc.any(pc.match_substring_regex(texts, _WORTH_A_LOOK)).as_py():
        return texts
    texts = pc.replace_substring_regex(texts, _MOMENT + r'\+00"', r'"\1T\2Z"')
    if pc.any(pc.match_substring_regex(texts, _MOMENT + r'\.\d+\+00"')).as_py():
        for pattern, digits in _FRACTIONS:
            texts = pc.replace_substring_regex(texts, _MOMENT + pattern, rf'"\1T\2.{digits}Z"')
    for character in _LINE_ENDS:
        texts = pc.replace_substring(texts, character, f"\\u{ord(character):04x}")
    is_rare = pc.fill_null(pc.match_substring_regex(texts, _RARE), False)
    if not pc.any(is_rare).as_py():
        return texts
    rare = [_TOKEN.sub(_token, text) for text in texts.filter(is_rare).to_pylist()]
    return pc.replace_with_mask(texts, is_rare, pa.array(rare, texts.type))


def _token(found: re.Match[str]) -> str:
    token = found.group()
    if token.startswith('"'):
        return (
            _ESCAPE.sub(lambda escape: escape.group().lower(), token) if "\\u" in token else token
        )
    if token.endswith(".0"):
        return token.removesuffix(".0")
    is_whole = token.removeprefix("-").isdigit()
    return f'"{token}"' if is_whole and abs(int(token)) > _LARGEST_EXACT else token


def _in_bigquery_form(node: exp.Expression) -> exp.Expression | None:
    # With a second argument the text has line ends; with `to_json` it is TO_JSON.
    if not isinstance(node, exp.JSONFormat) or node.args.get("to_json") or node.args.get("options"):
        return None
    return exp.Anonymous(this=_NAME, expressions=[node.copy()])


REPAIR = TreeRepair(words=("TO_JSON_STRING",), replace=_in_bigquery_form)


def apply() -> None:
    """Make the function known to DuckDB."""

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        create_arrow_function(connection, _NAME, as_bigquery_writes, ["VARCHAR"], "VARCHAR")

    at_engine_start(prepare)
