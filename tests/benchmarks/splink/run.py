"""Runs Splink on one data set: run.py NAME RECORDS OUTPUT --nicknames FILE

Writes clusters.parquet, pairs.parquet and summary.json into the folder OUTPUT. The seconds are
those from reading the records to the clusters; importing Splink and writing the files is left out.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import splink
from splink import DuckDBAPI, Linker

from tests.benchmarks.splink.crm_people import crm_people
from tests.benchmarks.splink.historical_people import historical_50k
from tests.benchmarks.splink.made_up_people import fake_1000, febrl3, febrl4
from tests.benchmarks.splink.sites import ecp_sites

if TYPE_CHECKING:
    from tests.benchmarks.splink.configuration import Configuration

CONFIGURATIONS = {
    "fake_1000": fake_1000,
    "febrl3": febrl3,
    "febrl4": febrl4,
    "historical_50k": historical_50k,
    "ecp_sites": ecp_sites,
}
MATCH_PROBABILITY = 0.95
SEED = 1


def configuration_for(name: str, records: Path, nicknames: Path) -> Configuration:
    """Return the settings for a data set."""
    source = f"'{records}'"
    if records.suffix == ".csv":
        source = f"read_csv('{records}', all_varchar = true)"
    if name.startswith("crm_"):
        return crm_people(source, nicknames, is_small=name == "crm_10k")
    return CONFIGURATIONS[name](source)


def registered(connection: duckdb.DuckDBPyConnection, configuration: Configuration) -> list[Any]:
    """Make the tables of records, and the linker's handle of each."""
    api = DuckDBAPI(connection=connection)
    for statement in configuration.preparation:
        connection.execute(statement)
    frames = []
    for name, query in configuration.tables.items():
        connection.execute(f"create table input_{name} as {query}")
        table = connection.table(f"input_{name}")
        frames.append(api.register(table, dataset_display_name=name))
    return frames


def train(linker: Linker, configuration: Configuration) -> None:
    """Estimate the parameters."""
    training = linker.training
    training.estimate_probability_two_random_records_match(
        configuration.sure_rules, recall=configuration.sure_recall
    )
    training.estimate_u_using_random_sampling(max_pairs=configuration.sampled_pairs, seed=SEED)
    for session in configuration.sessions:
        training.estimate_parameters_using_expectation_maximisation(
            session.blocking_rule,
            estimate_without_term_frequencies=session.without_term_frequencies,
        )


def run(name: str, records: Path, nicknames: Path, output: Path) -> dict[str, Any]:
    """Match, write both files, and return the summary."""
    seconds = {}
    started = time.monotonic()
    configuration = configuration_for(name, records, nicknames)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        frames = registered(connection, configuration)
        seconds["read"] = time.monotonic() - started
        linker = Linker(frames if len(frames) > 1 else frames[0], configuration.settings)
        train(linker, configuration)
        seconds["train"] = time.monotonic() - started - seconds["read"]
        pairs = linker.inference.predict()
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=MATCH_PROBABILITY
        )
        seconds["total"] = time.monotonic() - started
        columns = "record_id_l, record_id_r, match_weight, match_probability"
        for query, file in (
            (f"select {columns} from {pairs.physical_name}", "pairs.parquet"),
            (f"select record_id, cluster_id from {clusters.physical_name}", "clusters.parquet"),
        ):
            connection.execute(f"copy ({query}) to '{output / file}' (format parquet)")
    return {
        "seconds": {step: round(value, 2) for step, value in seconds.items()},
        "versions": {
            "splink": splink.__version__,
            "duckdb": duckdb.__version__,
            "python": platform.python_version(),
        },
    }


def main() -> None:
    """Read the command line, run, write the summary."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name")
    parser.add_argument("records", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--nicknames", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    summary = run(arguments.name, arguments.records, arguments.nicknames, arguments.output)
    text = json.dumps(summary, indent=2)
    (arguments.output / "summary.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
