"""The protobuf messages of the analyzer, under names that can be read.

The package `zetasql` ships no type information, so every message is `Any` to the type checker.
"""

from importlib import import_module
from typing import Any

from google.protobuf.empty_pb2 import Empty
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import function_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.proto import options_pb2 as analyzer_options
from zetasql.wasi._pb2.zetasql.public import options_pb2 as language_options
from zetasql.wasi._pb2.zetasql.public import type_pb2

# The tree of a nested expression is deeper than the 100 levels that protobuf reads by default.
import_module("google._upb._message").SetAllowOversizeProtos(True)

Message = Any
TypeProto = type_pb2.TypeProto
FunctionProto = function_pb2.FunctionProto
SimpleCatalogProto = simple_catalog_pb2.SimpleCatalogProto

__all__ = [
    "Empty",
    "FunctionProto",
    "Message",
    "SimpleCatalogProto",
    "TypeProto",
    "analyzer_options",
    "enum_name",
    "language_options",
    "service",
]


def enum_name(message: Message, field: str) -> str:
    """The name of a message's enum value, for example `TYPE_INT64`."""
    values = message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number
    return str(values[getattr(message, field)].name)
