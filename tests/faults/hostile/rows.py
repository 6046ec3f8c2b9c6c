"""Draws hostile rows for all raw tables from a seed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.faults.hostile import values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.sources.source_schemas import Column, RawTable

Row = dict[str, Any]
# Columns that name a row of a table, their own or another one.
REFERENCES: Final = {
    "account_id": "salesforce.account",
    "parent_id": "salesforce.account",
    "related_to_id": "salesforce.account",
    "converted_account_id": "salesforce.account",
    "converted_contact_id": "salesforce.contact",
    "who_id": "salesforce.contact",
    "activity_id": "salesforce.task",
    "message_id": "gmail.message",
    "property_associatedcompanyid": "hubspot.company",
}
MERGED: Final = "master_record_id"
MERGED_VIDS: Final = ("property_hs_calculated_merged_vids", "property_hs_merged_object_ids")
# Salesforce's ids say what they name.
ID_PREFIXES: Final = {
    "salesforce.account": "001",
    "salesforce.contact": "003",
    "salesforce.lead": "00Q",
}


class HostileRows:
    """Rows for a number of tables; the same seed gives the same rows."""

    def __init__(self, tables: Sequence[RawTable], count: int, seed: int) -> None:
        self._draw = Random(f"hostile:{seed}")  # noqa: S311 - test data, no secrets
        self._counts = {table.full_name: max(1, count // len(tables)) for table in tables}
        self._keys: dict[str, list[Any]] = {}
        for table in tables:
            self._keys[table.full_name] = self._keys_of(table)
        self.rows: Mapping[str, list[Row]] = {
            table.full_name: [self._row(table, key) for key in self._keys[table.full_name]]
            for table in tables
        }

    def _keys_of(self, table: RawTable) -> list[Any]:
        keys = [self._key(table, number) for number in range(self._counts[table.full_name])]
        if table.full_name == "gmail.message_participant":
            return [self._draw.choice(self._keys["gmail.message"]) for _ in keys]
        return keys

    def _key(self, table: RawTable, number: int) -> Any:  # noqa: ANN401 - text or number
        draw = self._draw
        if table.columns[0].data_type == "INT64":
            numbers = (None, 0, -1, 7, 2**63 - 1, -(2**63))
            return draw.choice(numbers) if draw.random() < 0.1 else 1000 + number
        prefix = ID_PREFIXES.get(table.full_name, "")
        good = f"{prefix}{number:012d}"
        if draw.random() < 0.75:
            return good
        earlier = f"{prefix}{draw.randrange(number + 1):012d}"
        clashes = ("dup", "DUP", " dup", "dup ", "Dup\n", earlier, f" {earlier}", f"{earlier}AAA")
        odd = (f"a:b:{number}", f"{number}|x", f"{good}\u00a0", self._text("id"))
        return draw.choice((None, "", " ", *clashes, *odd))

    def _row(self, table: RawTable, key: Any) -> Row:  # noqa: ANN401
        row = {column.name: self._value(table, column) for column in table.columns}
        return {**row, table.columns[0].name: key}

    def _value(self, table: RawTable, column: Column) -> Any:  # noqa: ANN401
        draw = self._draw
        if column.is_array:
            items = [self._text(column.name) for _ in range(draw.choice((0, 0, 1, 1, 2, 5)))]
            fields = column.struct_fields
            return [dict.fromkeys(fields, item) for item in items] if fields else items
        if draw.random() < 0.2:
            return None
        target = table.full_name if column.name == MERGED else REFERENCES.get(column.name)
        if target in self._keys and draw.random() < 0.6:
            return draw.choice(self._keys[target])
        if column.name in MERGED_VIDS and draw.random() < 0.5:
            return ";".join(f"{draw.choice(self._keys[table.full_name])}:{n}" for n in range(3))
        if column.name == "role":
            return draw.choice(("from", "to", "CC", "bcc", "reply_to", "x", " from"))
        return self._scalar(column)

    def _scalar(self, column: Column) -> Any:  # noqa: ANN401
        draw = self._draw
        match column.data_type:
            case "INT64":
                return draw.choice(values.INTEGERS)
            case "FLOAT64" | "NUMERIC":
                return draw.choice((0.0, -0.0, 1e308, -1e-308, 0.1))
            case "BOOL":
                # Most rows stay, or nothing would be left to resolve.
                return draw.random() < 0.1
            case "DATE":
                return draw.choice(values.pool("days"))
            case "TIMESTAMP":
                if draw.random() < 0.7:
                    return f"2024-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d} 10:00:00"
                return draw.choice(values.pool("moments"))
        return self._text(column.name)

    def _text(self, name: str) -> str:
        draw, chance = self._draw, self._draw.random()
        if chance < 0.003:
            return draw.choice(values.HUGE)
        if chance < 0.4:
            for words, names in values.BY_MEANING:
                if any(word in name for word in words):
                    return draw.choice(values.pool(*names))
        if chance < 0.8:
            return self._plausible(name)
        return draw.choice(values.pool(*values.ANYTHING))

    def _plausible(self, name: str) -> str:
        """Text as it should be, so that hostile values stand beside others in one record."""
        number = self._draw.randrange(400)
        if "email" in name or "address" in name:
            return f"person{number}@firm{number % 30}.example"
        if "phone" in name or "number" in name:
            return f"+1415{2_000_000 + number * 7_919}"
        if "first" in name or "given" in name:
            return f"{'ABCDEFGHIJ'[number % 10]}n{'aeiou'[number % 5]}"
        return f"{'KLMNOPQRST'[number % 10]}arl{'aeiou'[number % 5]}n{'dt'[number % 2]}"
