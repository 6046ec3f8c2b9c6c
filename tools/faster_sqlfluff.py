"""`sqlfluff lint`, which finds the same in less time: `python -m tools.faster_sqlfluff models`.

sqlfluff works out much anew for each file, or for each rule, that cannot have changed. Workers
import this module as well, because it is their main one.
"""

import gc
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlfluff.cli.commands import cli
from sqlfluff.core import FluffConfig
from sqlfluff.core.parser import BaseSegment, RawSegment
from sqlfluff.core.parser.segments.base import PathStep
from sqlfluff.core.templaters.jinja import JinjaTemplater
from sqlfluff.utils.reflow.depthmap import DepthInfo, DepthMap, StackPosition
from sqlfluff.utils.reflow.sequence import ReflowSequence

Names = dict[str, Any]


def once_per_configuration(method: Callable[..., Names]) -> Callable[..., Names]:
    """All files know the same macros: loading them for each was a sixth of the time."""
    known: dict[str, Names] = {}

    def remembered(templater: JinjaTemplater, config: FluffConfig, **options: Any) -> Names:  # noqa: ANN401
        settings = config.get_section((templater.templater_selector, templater.name))
        core = [config.get(name) for name in ("library_path", "encoding")]
        # Macros are loaded twice, the second time with the names of all others.
        names = sorted(options.get("ctx", ()))
        key = json.dumps([settings, core, names], default=str)
        if key not in known:
            known[key] = method(templater, config=config, **options)
        return dict(known[key])

    return remembered


@dataclass(frozen=True)
class Ancestors:
    """What sqlfluff keeps of the segments around a leaf."""

    hashes: tuple[int, ...] = ()
    types: tuple[frozenset[str], ...] = ()


def depth_map(root: BaseSegment) -> DepthMap:
    """What DepthMap.from_parent returns; that works out all ancestors anew for each leaf."""
    found = DepthMap(())
    waiting: list[tuple[BaseSegment, Ancestors, dict[int, StackPosition]]] = []
    waiting.append((root, Ancestors(), {}))
    # Macros nest calls by the dozen, so this does without recursion.
    while waiting:
        segment, above, positions = waiting.pop()
        own = hash(segment)
        here = Ancestors((*above.hashes, own), (*above.types, segment.class_types))
        hash_set = frozenset(here.hashes)
        for index, child in enumerate(segment.segments):
            step = PathStep(segment, index, len(segment.segments), segment._code_indices)  # noqa: SLF001
            below = {**positions, own: StackPosition.from_path_step(step)}
            if isinstance(child, RawSegment):
                found.depth_info[child.uuid] = DepthInfo(
                    len(here.hashes), here.hashes, hash_set, here.types, below
                )
            else:
                waiting.append((child, here, below))
    return found


class LastSequence:
    """Four rules of layout ask for the same sequence of a file; none changes it in place."""

    def __init__(self) -> None:
        self._last: tuple[BaseSegment, FluffConfig, ReflowSequence] | None = None

    def from_root(self, root_segment: BaseSegment, config: FluffConfig) -> ReflowSequence:
        """What ReflowSequence.from_root returns."""
        last = self._last
        if last is None or last[0] is not root_segment or last[1] is not config:
            sequence = ReflowSequence.from_raw_segments(
                root_segment.raw_segments, root_segment, config, depth_map(root_segment)
            )
            self._last = last = (root_segment, config, sequence)
        first = last[2]
        elements = list(first.elements)
        return ReflowSequence(elements, root_segment, first.reflow_config, first.depth_map)


def install() -> None:
    """Put them in the places of what they stand for."""
    # A file makes millions of objects, and hardly one that only the collector can free.
    gc.set_threshold(200_000, 50, 50)
    for name in ("_extract_macros", "_extract_libraries_from_config"):
        setattr(JinjaTemplater, name, once_per_configuration(getattr(JinjaTemplater, name)))
    setattr(ReflowSequence, "from_root", LastSequence().from_root)  # noqa: B010


# Not in a process that only imports this, such as one of pytest, which compares the two.
if __name__ in ("__main__", "__mp_main__"):
    install()
if __name__ == "__main__":
    # Only to lint: a file that is mended is another one.
    cli(["lint", *sys.argv[1:]])
