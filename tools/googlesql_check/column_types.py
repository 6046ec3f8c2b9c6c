"""Column types: from text to the analyzer's form and back."""

import re

from tools.googlesql_check.engine import GoogleSql, GoogleSqlError
from tools.googlesql_check.protocol import Message, enum_name

# Other names that BigQuery takes in schemas and casts.
_SYNONYMS = {
    "BIGDECIMAL": "BIGNUMERIC",
    "BIGINT": "INT64",
    "BOOLEAN": "BOOL",
    "BYTEINT": "INT64",
    "DECIMAL": "NUMERIC",
    "FLOAT": "FLOAT64",
    "INT": "INT64",
    "INTEGER": "INT64",
    "RECORD": "STRUCT",
    "SMALLINT": "INT64",
    "TINYINT": "INT64",
}
# A type's name ends its element; a word before another word is the name of a struct's field.
_TYPE_WORD = re.compile(r"\b(\w+)\b(?=\s*(?:[<>(,]|$))")


class TypeReader:
    """Reads type names with the analyzer itself; remembers what it has read."""

    def __init__(self, google_sql: GoogleSql) -> None:
        self._google_sql = google_sql
        self._known: dict[str, Message] = {}

    def read(self, text: str) -> Message:
        """The type that a text like `array<struct<a int64>>` names, or ValueError."""
        if text not in self._known:
            self._known[text] = self._analyze(text)
        return self._known[text]

    def _analyze(self, text: str) -> Message:
        standard = _TYPE_WORD.sub(lambda m: _SYNONYMS.get(m[1].upper(), m[1]), text.strip())
        try:
            statement = self._google_sql.analyze(f"select cast(null as {standard}) as x")
        except GoogleSqlError as error:
            raise ValueError(f"{text!r} is not a type of BigQuery") from error
        return statement.resolved_query_stmt_node.output_column_list[0].column.type


def type_name(type_: Message) -> str:
    """The type as BigQuery writes it."""
    kind = enum_name(type_, "type_kind")
    if kind == "TYPE_ARRAY":
        return f"ARRAY<{type_name(type_.array_type.element_type)}>"
    if kind == "TYPE_RANGE":
        return f"RANGE<{type_name(type_.range_type.element_type)}>"
    if kind == "TYPE_STRUCT":
        fields = (
            f"{field.field_name} {type_name(field.field_type)}".strip()
            for field in type_.struct_type.field
        )
        return f"STRUCT<{', '.join(fields)}>"
    name = kind.removeprefix("TYPE_")
    return "FLOAT64" if name == "DOUBLE" else name
