"""Lets sqlfluff find the same in less time: `python -m tools.faster_sqlfluff models`.

It works out many things anew for each file, or for each rule, that cannot have changed. Its workers
import this module too, because it is their main one.
"""

import gc
import json
import sys
from collections.abc import Callable
from typing import Any

from sqlfluff.cli.commands import cli
from sqlfluff.core import FluffConfig
from sqlfluff.core.parser import BaseSegment, RawSegment
from sqlfluff.core.parser.segments.base import PathStep
from sqlfluff.core.templaters.jinja import JinjaTemplater
from sqlfluff.utils.reflow.depthmap import DepthInfo, DepthMap, StackPosition
from sqlfluff.utils.reflow.sequence import ReflowSequence

# A file makes millions of objects and hardly a cycle.
gc.set_threshold(200_000, 50, 50)


def _once_per_configuration(method: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """All files have the same macros: compiling and loading them is a sixth of the time."""
    known: dict[str, dict[str, Any]] = {}

    def remembered(
        templater: JinjaTemplater,
        config: FluffConfig,
        *arguments: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        settings = config.get_section((templater.templater_selector, templater.name))
        # The names that are known while macros are loaded: first they alone, then each other.
        names = sorted(options.get("ctx", ()))
        core = [config.get(name) for name in ("library_path", "encoding")]
        key = json.dumps([settings, core, names], default=str)
        if key not in known:
            known[key] = method(templater, config, *arguments, **options)
        return dict(known[key])

    return remembered


def _depth_map(root: BaseSegment) -> DepthMap:
    """What DepthMap.from_parent returns, where each leaf works out what all its parents are."""
    depth_map = DepthMap(())
    # Macros nest calls by the dozen, so this does without recursion.
    waiting: list[tuple[BaseSegment, _Stack]] = [(root, ((), (), {}))]
    while waiting:
        segment, (hashes, types, positions) = waiting.pop()
        own = hash(segment)
        hashes, types = (*hashes, own), (*types, segment.class_types)
        hash_set = frozenset(hashes)
        for index, child in enumerate(segment.segments):
            step = PathStep(segment, index, len(segment.segments), segment._code_indices)  # noqa: SLF001
            below = {**positions, own: StackPosition.from_path_step(step)}
            if isinstance(child, RawSegment):
                info = DepthInfo(len(hashes), hashes, hash_set, types, below)
                depth_map.depth_info[child.uuid] = info
            else:
                waiting.append((child, (hashes, types, below)))
    return depth_map


_Stack = tuple[tuple[int, ...], tuple[frozenset[str], ...], dict[int, StackPosition]]


class _LastSequence:
    """Four rules of layout ask for the same sequence of a file, which is never changed in place."""

    def __init__(self) -> None:
        self._last: tuple[BaseSegment, FluffConfig, ReflowSequence] | None = None

    def from_root(self, root_segment: BaseSegment, config: FluffConfig) -> ReflowSequence:
        """What ReflowSequence.from_root returns."""
        if self._last is None or self._last[0] is not root_segment or self._last[1] is not config:
            sequence = ReflowSequence.from_raw_segments(
                root_segment.raw_segments, root_segment, config, _depth_map(root_segment)
            )
            self._last = (root_segment, config, sequence)
        last = self._last[2]
        return ReflowSequence(list(last.elements), root_segment, last.reflow_config, last.depth_map)


def install() -> None:
    """Put them in the places of what they stand for."""
    for name in ("_extract_macros", "_extract_libraries_from_config"):
        setattr(JinjaTemplater, name, _once_per_configuration(getattr(JinjaTemplater, name)))
    setattr(ReflowSequence, "from_root", _LastSequence().from_root)  # noqa: B010


install()
if __name__ == "__main__":
    # Only to lint: what is remembered of a file does not survive its being mended.
    cli(["lint", *sys.argv[1:]])
