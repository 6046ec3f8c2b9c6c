"""What a night reads of a warehouse of some size, and what BigQuery asks for that.

`python -m tools.googlesql_check.scale` prints a table for docs/operate/scale.md. Nothing runs: the
columns are those that Google's analyzer finds in the compiled statements, the rows and widths those
of .ci/ten_million_records.yml, in proportion.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from tools.googlesql_check.byte_caps import DEVELOPMENT_TAG, ByteEstimate, Shape, read_shape
from tools.googlesql_check.catalog import Relation
from tools.googlesql_check.check import relations
from tools.googlesql_check.dbt_nodes import DbtNode, read_compiled_nodes
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError

SHAPE_RECORDS = 10_000_000
MIB, GIB, TIB = 1024**2, 1024**3, 1024**4
# The least that BigQuery bills for each table of a query, and what it asks per TiB on demand.
LEAST_BYTES = 10 * MIB
PRICE = 6.25
NIGHTLY = ("model", "snapshot", "test")
# Statements run once per round; the state of a later round is smaller.
ROUNDS = {"iterated": 6}


@dataclass(frozen=True)
class Read:
    """The bytes that a node reads of each table at the size that the shape describes."""

    layer: str
    runs: int
    tables: dict[Relation, float]
    seeds: frozenset[Relation]

    def bytes(self, share: float) -> float:
        """The bytes of a warehouse that is a share of that size."""
        return self.runs * sum(
            size * (1 if table in self.seeds else share) for table, size in self.tables.items()
        )

    def billed(self, share: float) -> float:
        """The bytes that BigQuery bills on demand."""
        return self.runs * sum(
            max(LEAST_BYTES, size * (1 if table in self.seeds else share))
            for table, size in self.tables.items()
        )


def reads(project_dir: Path, target: Path, shape: Shape) -> Iterator[Read]:
    """What each node of a night reads."""
    google_sql, nodes = GoogleSql(), read_compiled_nodes(target)
    catalog = relations(project_dir, nodes, google_sql)
    estimate = ByteEstimate(replace(shape, cap=0), catalog)
    seeds = frozenset(node.relation for node in nodes if node.kind == "seed")
    for node in nodes:
        if node.kind == "seed":
            estimate.add_seed(node)
        if node.sql is None or node.kind not in NIGHTLY:
            continue
        try:
            statement = catalog.analyze(node.sql.rstrip().rstrip(";"))
        except GoogleSqlError:
            # What dbt declares around an incremental model; the rest has been checked before.
            click.echo(f"left out, it cannot be analyzed by itself: {node.name}", err=True)
            continue
        estimate.excess(node, statement)
        if node.materialized != "view" and DEVELOPMENT_TAG not in (node.config.get("tags") or ()):
            runs = ROUNDS.get(node.materialized, 1)
            yield Read(layer_of(node), runs, estimate.bytes_by_table(statement), seeds)


def layer_of(node: DbtNode) -> str:
    """The folder that a node stands in, and for a test that it is one."""
    parts = Path(node.source_file).parts
    return "tests" if node.kind == "test" else "/".join(parts[1:-1][:2]) or node.kind


@click.command(name="scale")
@click.option("--project-dir", type=click.Path(path_type=Path), default=Path())
@click.option("--target-path", type=click.Path(path_type=Path), default=Path("target"))
@click.argument("records", nargs=-1, type=int)
def main(project_dir: Path, target_path: Path, records: tuple[int, ...]) -> None:
    """Print what a night reads of so many RECORDS of people, as Markdown."""
    shape = read_shape(project_dir)
    if shape is None:
        raise click.UsageError("the project describes no shape of a warehouse")
    found = list(reads(project_dir, project_dir / target_path, shape))
    sizes = records or (10_000, 1_000_000, 10_000_000, 100_000_000)
    click.echo("| | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    click.echo("|---|" + "---|" * len(sizes))
    layers: dict[str, list[Read]] = defaultdict(list)
    for one in found:
        layers[one.layer].append(one)
    for layer, members in sorted(layers.items()):
        _row(
            f"{layer}, GiB", [sum(m.bytes(s / SHAPE_RECORDS) for m in members) / GIB for s in sizes]
        )
    _row("all, GiB", [sum(one.bytes(s / SHAPE_RECORDS) for one in found) / GIB for s in sizes])
    billed = [sum(one.billed(s / SHAPE_RECORDS) for one in found) for s in sizes]
    _row("billed on demand, GiB", [size / GIB for size in billed])
    _row("US dollars a night", [size / TIB * PRICE for size in billed])


def _row(name: str, values: list[float]) -> None:
    click.echo(f"| {name} | " + " | ".join(f"{value:,.2f}" for value in values) + " |")


if __name__ == "__main__":
    main()
