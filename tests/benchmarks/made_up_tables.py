"""Tables as a warehouse would publish them, made up: in the proportions of the demo's, with ids and
texts as long as its."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tests.serving_sample import PublishedSample, arrow_type, declared_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

# Rows per person in the demo.
PER_PERSON: Final = {
    "dim_persons": 1.0,
    "dim_companies": 0.17,
    "bridge_person_records": 2.17,
    "person_contact_points": 2.36,
    "person_addresses": 0.83,
    "person_employments": 0.83,
    "person_value_provenance": 9.9,
    "company_value_provenance": 1.38,
    "entity_events": 1.16,
    "match_explanations": 14.7,
    "match_review_queue": 0.38,
    "int_record_texts": 2.47,
}
# Of match_explanations; crm_100k has 5.4.
STEPS_PER_PAIR: Final = 6
BATCH_ROWS: Final = 50_000
GIVEN: Final = ("ann", "bob", "cem", "dora", "emil", "fatma", "gina", "hans", "ivan", "jana")
ENDINGS: Final = ("son", "mann", "ski", "ez", "ova", "ini", "sen", "berg", "ley", "ton")


@dataclass
class MadeUp(PublishedSample):
    """Tables of as many persons as are asked for."""

    n_persons: int = 1000
    # Seconds that go into making them up: no part of writing a snapshot.
    read_in: float = 0.0
    # The same by the clock of the processor.
    read_by_processor: float = 0.0

    def record_batches(self, table_id: str) -> Iterator[pa.RecordBatch]:
        """Yield made-up rows."""
        name = table_id.rpartition(".")[2]
        columns = declared_columns()[name]
        n_rows = int(self.n_persons * PER_PERSON.get(name, 0.0))
        for start in range(0, n_rows, BATCH_ROWS):
            begun, worked = time.monotonic(), time.process_time()
            numbers = np.arange(start, min(start + BATCH_ROWS, n_rows))
            arrays = [self._column(name, column, kind, numbers) for column, kind in columns.items()]
            batch = pa.RecordBatch.from_arrays(arrays, names=list(columns))
            self.read_in += time.monotonic() - begun
            self.read_by_processor += time.process_time() - worked
            yield batch

    def _column(self, table: str, column: str, kind: str, numbers: np.ndarray) -> pa.Array:
        wanted = arrow_type(kind)
        if pa.types.is_list(wanted):
            texts = self._texts(table, column.removesuffix("s"), numbers)
            return pa.ListArray.from_arrays(np.arange(len(numbers) + 1, dtype=np.int32), texts)
        if pa.types.is_temporal(wanted):
            return pa.array([datetime(2026, 11, 1, tzinfo=UTC)] * len(numbers), wanted)
        if column == "step":
            return pa.array(numbers % STEPS_PER_PAIR)
        if not pa.types.is_string(wanted):
            return pc.cast(pa.array(numbers % 20), wanted, safe=False)
        return self._texts(table, column, numbers)

    def _texts(self, table: str, column: str, numbers: np.ndarray) -> pa.Array:
        share = PER_PERSON[table]
        person = (numbers / share).astype(np.int64)
        if column in ("person_id", "entity_id"):
            return _numbered("per_01aaaaaaaaaaaaaa", person)
        if column == "company_id":
            return _numbered("com_01aaaaaaaaaaaaaa", (person * 0.17).astype(np.int64))
        if column in ("record_id", "record_id_l"):
            return _numbered("salesforce:contact:0035g0", self._things(table, numbers))
        if column in ("record_id_r", "source_id"):
            return _numbered("hubspot:contact:", self._things(table, numbers))
        if column == "entity":
            return pa.array(["person"] * len(numbers))
        if column == "kind":
            return pa.array(np.where(numbers % 2 == 0, "email", "phone"))
        if column == "usage":
            return pa.array(["personal"] * len(numbers))
        if column in ("display_name", "full_name", "record_name"):
            return pa.array([name_of(number) for number in person])
        if column in ("value", "primary_email", "email"):
            return pa.array([f"{name_of(n).replace(' ', '.')}{n}@mail.example" for n in person])
        return pa.array(np.char.add(f"{column[:12]} ", (numbers % 997).astype(str)))

    def _things(self, table: str, numbers: np.ndarray) -> np.ndarray:
        return numbers // STEPS_PER_PAIR if table == "match_explanations" else numbers


def name_of(number: int) -> str:
    """Return the name of a person: some 100,000 different ones."""
    stem = f"{chr(97 + number % 26)}{'aeiou'[number // 26 % 5]}{chr(97 + number // 130 % 26)}"
    more = f"{'aeiou'[number // 3380 % 5]}{ENDINGS[number // 16900 % len(ENDINGS)]}"
    return f"{GIVEN[number % len(GIVEN)]} {stem}{more}"


def _numbered(before: str, numbers: np.ndarray) -> pa.Array:
    return pa.array(np.char.add(before, np.char.zfill(numbers.astype(str), 9)))
