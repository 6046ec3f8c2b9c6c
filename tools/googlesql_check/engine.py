"""Google's SQL analyzer and reference evaluator, running in this process as WebAssembly.

    GoogleSql().evaluate("select 1 as x")  # [{'x': 1}]

One engine serves one thread. It has no International Components for Unicode data: collation and
the `net.` functions of registrable domains fail in the evaluator, though the analyzer knows them.
"""

import ctypes
import os
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from wasmtime import Linker, Store, Trap, WasiConfig

from tools.googlesql_check.bigquery_language import restrict_to_bigquery
from tools.googlesql_check.compiled_module import load_module, new_engine
from tools.googlesql_check.protocol import (
    Empty,
    Message,
    SimpleCatalogProto,
    analyzer_options,
    language_options,
    service,
)
from tools.googlesql_check.values import python_value


class GoogleSqlError(Exception):
    """The analyzer or the evaluator refused a statement; the text says why and where."""


class GoogleSql:
    """The analyzer, set to BigQuery's dialect."""

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._engine = new_engine()
        self._module = load_module(self._engine, cache_folder)
        # Catalogs are forgotten when the engine restarts; their owner compares this number.
        self.starts = 0
        self._empty_catalog: int | None = None
        self._start()
        self._language = restrict_to_bigquery(
            self._call(
                "GetLanguageOptions",
                service.LanguageOptionsRequest(maximum_features=True),
                analyzer_options.LanguageOptionsProto,
            )
        )
        self._options = analyzer_options.AnalyzerOptionsProto(
            language_options=self._language,
            error_message_mode=language_options.ERROR_MESSAGE_ONE_LINE,
            default_timezone="UTC",
            prune_unused_columns=False,
            # Rules that look at the tree can then name the line.
            parse_location_record_type="PARSE_LOCATION_RECORD_FULL_NODE_SCOPE",
        )

    def new_catalog(self) -> Message:
        """An empty catalog with BigQuery's built-in functions."""
        catalog = SimpleCatalogProto(name="bigquery")
        catalog.builtin_function_options.language_options.CopyFrom(self._language)
        return catalog

    def register(self, catalog: Message, contents: Mapping[str, Message] | None = None) -> int:
        """Hand a catalog to the analyzer; returns the id that the other calls take.

        Tables whose rows are given in `contents` can be read by queries.
        """
        request = service.RegisterCatalogRequest(simple_catalog=catalog)
        for name, content in (contents or {}).items():
            request.table_content[name].CopyFrom(content)
        return int(self._call("RegisterCatalog", request, service.RegisterResponse).registered_id)

    def unregister(self, catalog_id: int) -> None:
        """Free the memory of a registered catalog."""
        self._call("UnregisterCatalog", service.UnregisterRequest(registered_id=catalog_id))

    def analyze(self, sql: str, catalog_id: int | None = None) -> Message:
        """Resolve one statement; returns its tree or raises GoogleSqlError."""
        request = service.AnalyzeRequest(
            sql_statement=sql,
            registered_catalog_id=self._catalog(catalog_id),
            options=self._options,
        )
        return self._call("Analyze", request, service.AnalyzeResponse).resolved_statement

    def analyze_script(self, sql: str, catalog_id: int | None = None) -> Iterator[Message]:
        """Resolve statements that are divided by semicolons, one after the other."""
        position, size = 0, len(sql.encode())
        while position < size:
            request = service.AnalyzeRequest(
                parse_resume_location={"input": sql, "byte_position": position},
                registered_catalog_id=self._catalog(catalog_id),
                options=self._options,
            )
            response = self._call("Analyze", request, service.AnalyzeResponse)
            position = response.resume_byte_position
            yield response.resolved_statement

    def evaluate(self, sql: str, catalog_id: int | None = None) -> list[dict[str, Any]]:
        """Run a query; returns one dict a row, as BigQuery's client would."""
        return self.query(sql, catalog_id)[1]

    def query(
        self, sql: str, catalog_id: int | None = None
    ) -> tuple[list[tuple[str, Message]], list[dict[str, Any]]]:
        """Run a query; returns the names and types of its columns, and its rows."""
        request = service.PrepareQueryRequest(
            sql=sql, registered_catalog_id=self._catalog(catalog_id), options=self._options
        )
        prepared = self._call("PrepareQuery", request, service.PrepareQueryResponse).prepared
        query_id = prepared.prepared_query_id
        try:
            result = self._call(
                "EvaluateQuery",
                service.EvaluateQueryRequest(prepared_query_id=query_id),
                service.EvaluateQueryResponse,
            )
        finally:
            self._release(query_id)
        columns = [(column.name, column.type) for column in prepared.columns]
        return columns, [
            {
                name: python_value(cell, type_)
                for (name, type_), cell in zip(columns, row.cell, strict=True)
            }
            for row in result.content.table_data.row
        ]

    def _catalog(self, catalog_id: int | None) -> int:
        if catalog_id is not None:
            return catalog_id
        if self._empty_catalog is None:
            self._empty_catalog = self.register(self.new_catalog())
        return self._empty_catalog

    def _release(self, query_id: int) -> None:
        try:
            request = service.UnprepareQueryRequest(prepared_query_id=query_id)
            self._call("UnprepareQuery", request)
        except GoogleSqlError:
            # The engine has restarted and no longer knows the query.
            return

    def _start(self) -> None:
        self._store = Store(self._engine)
        wasi = WasiConfig()
        wasi.stderr_file = os.devnull
        zones = resources.files("tzdata") / "zoneinfo"
        wasi.preopen_dir(str(zones), "/usr/share/zoneinfo")
        self._store.set_wasi(wasi)
        linker = Linker(self._engine)
        linker.define_wasi()
        instance = linker.instantiate(self._store, self._module)
        exports: Any = instance.exports(self._store)
        exports["_initialize"](self._store)
        self._exports = exports
        self._memory = exports["memory"]
        self._empty_catalog = None
        self.starts += 1

    def _call(self, method: str, request: Message, response: Message = Empty) -> Message:
        try:
            return self._call_instance(method, request, response)
        except Trap as trap:
            # An internal check of the analyzer failed and its instance is dead.
            self._start()
            reason = str(trap).splitlines()[-1].strip()
            raise GoogleSqlError(f"the analyzer crashed on this statement: {reason}") from trap

    def _call_instance(self, method: str, request: Message, response: Message) -> Message:
        store, exports = self._store, self._exports
        data = request.SerializeToString()
        input_ = exports["wasm_malloc"](store, max(len(data), 1))
        size = exports["wasm_malloc"](store, 4)
        ctypes.memmove(self._address(input_), data, len(data))
        output = exports[f"ZetaSqlLocalService_{method}"](store, input_, len(data), size)
        if output:
            length = int.from_bytes(self._read(size, 4), "little")
            result = response.FromString(self._read(output, length))
            exports["wasm_free"](store, output)
        exports["wasm_free"](store, input_)
        exports["wasm_free"](store, size)
        if output:
            return result
        length = exports["wasm_get_last_error_size"](store)
        text = self._read(exports["wasm_get_last_error"](store), length).decode(errors="replace")
        raise GoogleSqlError(re.sub(r"^Code: \d+, Message: ", "", text) or "unknown error")

    def _read(self, start: int, length: int) -> bytes:
        return ctypes.string_at(self._address(start), length)

    def _address(self, offset: int) -> int:
        # Shared memory has no read and write of its own. It may grow, so ask every time.
        return ctypes.addressof(self._memory.data_ptr().contents) + offset
