"""FARM_FINGERPRINT returns BigQuery's value, and quickly.

Stock: values above 64 bytes get a wrong hash, and every value is hashed in plain Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from orchestrator.local_warehouse.farmhash import fingerprints
from orchestrator.local_warehouse.fixes.functions import (
    at_engine_start,
    one_array,
    replace_function,
    text_layout,
)

if TYPE_CHECKING:
    import duckdb


def farm_fingerprint(column: pa.Array) -> pa.Array:
    """Return the fingerprint of each text, null for null."""
    texts = one_array(column)
    return pa.array(fingerprints(*text_layout(texts)), mask=np.asarray(texts.is_null()))


def apply() -> None:
    """Replace the function that bqemulator calls for FARM_FINGERPRINT."""

    def prepare(connection: duckdb.DuckDBPyConnection) -> None:
        name, parameters = "bqemu_farm_fingerprint", ["VARCHAR"]
        replace_function(connection, name, farm_fingerprint, parameters, "BIGINT")

    at_engine_start(prepare)
