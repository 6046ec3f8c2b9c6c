"""How a repair puts a function of its own into DuckDB when the engine starts."""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from bqemulator.storage.engine import DuckDBEngine
from duckdb.func import FunctionNullHandling, PythonUDFType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# One batch of a column comes in, one of the same length goes out.
ArrowFunction = Callable[..., pa.Array]

_BATCH = "_of_batch"


def at_engine_start(prepare: Callable[[DuckDBPyConnection], None]) -> None:
    """Run `prepare` on the connection after bqemulator has registered its own functions."""
    stock_register = DuckDBEngine._register_builtin_udfs

    def register_builtin_udfs(self: DuckDBEngine) -> None:
        stock_register(self)
        prepare(self.connection)

    DuckDBEngine._register_builtin_udfs = register_builtin_udfs


def create_arrow_function(
    connection: DuckDBPyConnection,
    name: str,
    function: ArrowFunction,
    parameters: list[str],
    returns: str,
) -> None:
    """Register a function that works on whole batches and sees nulls itself.

    DuckDB reads the texts where Arrow has them, and lets go of that memory too early where they
    pass through COALESCE: other bytes come out. So a text is copied right behind the function.
    """
    is_text = returns == "VARCHAR"
    connection.create_function(
        f"{name}{_BATCH}" if is_text else name,
        function,
        [*parameters],
        returns,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )
    if is_text:
        names = ", ".join(f"text_{number}" for number in range(len(parameters)))
        connection.execute(
            f"create or replace temp macro {name}({names}) as {name}{_BATCH}({names}) || ''"
        )


def replace_function(
    connection: DuckDBPyConnection,
    name: str,
    function: ArrowFunction,
    parameters: list[str],
    returns: str,
) -> None:
    """Put a batch function in the place of one that bqemulator registered."""
    connection.remove_function(name)
    create_arrow_function(connection, name, function, parameters, returns)


def one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """DuckDB hands over either form; the functions want the plain one."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def text_layout(
    texts: pa.Array,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the bytes of a column of texts, and where each text starts and how long it is."""
    binary = pc.cast(texts, pa.large_binary())
    _, offsets_buffer, data_buffer = binary.buffers()
    all_offsets = np.frombuffer(offsets_buffer, dtype=np.int64)
    offsets = all_offsets[binary.offset : binary.offset + len(binary) + 1]
    data = np.frombuffer(data_buffer or b"", dtype=np.uint8)
    return data, offsets[:-1], np.diff(offsets)
