"""Reads the YAML of a mapping: plain text and lists of it, every key once, nothing clever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import yaml

from orchestrator.errors import MappingError
from orchestrator.reading.casting import is_sound
from orchestrator.reading.file_kind import display_name

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

READ_THE_DOCS: Final = "correct the mapping; docs/use/resolve.md lists every key"
MAX_BYTES: Final = 1 << 20
NULL_TAG: Final = "tag:yaml.org,2002:null"


class _PlainLoader(yaml.SafeLoader):
    """YAML whose values are text: names of columns may look like numbers, dates or truth.

    A key may stand only once (PyYAML would keep the last one silently), and there are no aliases,
    which can make a short file endless.
    """

    yaml_implicit_resolvers: ClassVar[Any] = {  # type: ignore[misc]
        first: [(tag, pattern) for tag, pattern in resolvers if tag == NULL_TAG]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not read", problem_mark=mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node

    def construct_scalar(self, node: Any) -> Any:  # noqa: ANN401 - as the base class has it
        """Refuse halves of characters, which can be written as escapes and shown nowhere."""
        value = super().construct_scalar(node)
        if isinstance(value, str) and not is_sound(value):
            problem = "half of a character, or a NUL, is no name"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        """Build a mapping unless a key repeats."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for (key, _), name in zip(node.value, keys, strict=True):
            if keys.count(name) > 1:
                problem = f"key '{name}' appears twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


def read_plain_yaml(text: str, name: str) -> dict[str, Any]:
    """Return the mapping that a text holds, unchecked; `name` is for messages."""
    document = _loaded(name, text)
    if not isinstance(document, dict):
        raise MappingError(f"{name} contains no mapping", READ_THE_DOCS)
    return {str(key): value for key, value in document.items()}


def read_mapping_text(path: Path) -> str:
    """Return the text of a mapping file."""
    name = display_name(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MappingError(
            f"cannot read {name}: {error.strerror or error}", "check the path of --map"
        ) from error
    if len(data) > MAX_BYTES:
        raise MappingError(
            f"{name} has {len(data):,} bytes and is not a mapping",
            "give the mapping to --map, and the data file before it",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MappingError(
            f"{name} is not encoded in UTF-8 (line {line})", "save the mapping in UTF-8"
        ) from error


def _loaded(name: str, text: str) -> Any:  # noqa: ANN401 - anything
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" in line {mark.line + 1}, character {mark.column + 1}" if mark else ""
        own = str(error.problem or "")
        if not own.startswith(("key '", "aliases ", "half ")):
            own = "this cannot be read; check colons, quotes, brackets and the spaces before names"
        raise MappingError(f"{name} is not valid YAML{place}: {own}", READ_THE_DOCS) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise MappingError(
            f"{name} is not valid YAML in line {line}: a character that is not allowed there",
            READ_THE_DOCS,
        ) from error
    except RecursionError as error:
        raise MappingError(f"{name} is nested too deeply", READ_THE_DOCS) from error
    # Values with a tag of their own (`!!int x`) are built by Python, which may refuse them.
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise MappingError(
            f"{name} is not valid YAML: a value does not fit the type it is given with !!",
            READ_THE_DOCS,
        ) from error
