"""`concord plan`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from orchestrator.command_line.as_json import json_option, print_json
from orchestrator.command_line.many_values import ManyValues

if TYPE_CHECKING:
    from orchestrator.plan.latency import Latency
    from orchestrator.plan.make import Plan
    from orchestrator.plan.models import ModelPlan

LARGEST = 15


@click.command(cls=ManyValues)
@click.option("--select", "-s", multiple=True, help="dbt selection: one or more.")
@click.option("--exclude", multiple=True, help="dbt selection to leave out: one or more.")
@click.option("--count", is_flag=True, help="First build the models that count the pairs.")
@click.option("--max-cost", type=float, help="Fail when the bytes cost more US dollars.")
@click.option("--max-pairs", type=int, help="Fail when there are more pairs to compare.")
@json_option
def plan(
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    count: bool,  # noqa: FBT001 - click passes it by name
    max_cost: float | None,
    max_pairs: int | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Say what a build would read, cost and compare, and how long it waits. Nothing is built.

    Bytes come from BigQuery's dry run; pairs from the sizes of the blocks of the last build. A
    model whose upstream does not exist yet is unknown: it is named, and counts as nothing.

    Jobs, and the minutes that they take at least, are estimated from the graph of the models: what
    BigQuery takes for small jobs, and the rounds of the last build. A seed or view that is there
    already counts nothing, as in a night after a build of the same project.

    --count builds the models up to the blocks first (no pairs are joined), so that the pairs are
    those of today's data.

    Exit code 1 when a limit is exceeded: --max-cost and --max-pairs, else CONCORD_LIMIT_MAX_COST
    and CONCORD_LIMIT_MAX_PAIRS.
    """
    from orchestrator.bigquery.connect import connect
    from orchestrator.dbt.request import RunRequest
    from orchestrator.dbt.runner import DbtRunner, failed_nodes_text
    from orchestrator.dbt.selected_names import check_names
    from orchestrator.errors import RunFailed
    from orchestrator.models.used import with_used_model
    from orchestrator.plan.make import check_budget, make_plan
    from orchestrator.plan.pairs import MODEL
    from orchestrator.settings.values import load_settings

    settings = load_settings()
    check_names(DbtRunner(settings), settings.project_dir, RunRequest(select, exclude))
    connection = with_used_model(connect(settings))
    limit = connection.settings.limit
    runner = DbtRunner(connection.settings)
    if count:
        result = runner.invoke("build", "--select", f"+{MODEL}")
        if not result.is_success:
            raise RunFailed(failed_nodes_text(result), "correct that, or plan without --count")
    made = make_plan(connection, runner, select, exclude)
    if as_json:
        print_json(_document(made))
    else:
        click.echo(plan_text(made))
    check_budget(
        made,
        limit.max_cost if max_cost is None else max_cost,
        limit.max_pairs if max_pairs is None else max_pairs,
    )


def plan_text(made: Plan) -> str:
    """Put a plan on a screen: the largest models and tests, all rules, the totals."""
    known = [found for found in made.statements if found.bytes is not None]
    known.sort(key=lambda found: -(found.bytes or 0))
    lines = []
    if made.is_local:
        lines.append("Local warehouse: bytes are not BigQuery's, so there are none and no costs.")
    if known:
        lines.append(f"{'Model or test':<44}{'MiB':>12}{'US$':>10}")
        lines += [_model_line(model, made.price_per_tib) for model in known[:LARGEST]]
        if len(known) > LARGEST:
            lines.append(f"and {len(known) - LARGEST} smaller ones")
    lines += [
        f"{model.name}: {model.unknown}"
        for model in made.models
        if model.bytes is None and model.unknown != "local"
    ]
    lines += ["", f"{'Blocking rule':<44}{'pairs':>14}{'largest block':>16}"]
    for rule in made.rules or ():
        counts = f"{rule.pairs:>14,}{rule.largest_block:>16,}"
        lines.append(f"{rule.entity + ' ' + rule.rule:<44}{counts}")
    if made.rules is None:
        lines.append("unknown until the blocks exist; --count builds them")
    unknown = f", {len(made.unknown)} unknown" if made.unknown and not made.is_local else ""
    lines += ["", f"{'Models':<10}{len(made.models)}", f"{'Tests':<10}{len(made.tests)}{unknown}"]
    if not made.is_local:
        lines.append(f"{'Reads':<10}{made.bytes / 1024**3:,.2f} GiB, US${made.cost:,.2f}")
    lines.append(f"{'Pairs':<10}{made.pairs:,} (found by two rules: counted twice)")
    if made.latency:
        lines += _latency_lines(made.latency)
    return "\n".join(lines)


def _latency_lines(latency: Latency) -> list[str]:
    n_jobs, n_sequential = latency.jobs, latency.sequential_jobs
    minutes, threads = f"{latency.minutes:.1f} minutes", f"{latency.threads} threads"
    return [
        f"{'Jobs':<10}{n_jobs:,} on BigQuery, {n_sequential:,} of them one after the other",
        f"{'Takes':<10}at least about {minutes} there, with {threads} (estimate)",
    ]


def _model_line(model: ModelPlan, price: float) -> str:
    mib = (model.bytes or 0) / 1024**2
    return f"{model.name[:43]:<44}{mib:>12,.1f}{model.cost(price):>10.4f}"


def _document(made: Plan) -> dict[str, Any]:
    totals = {
        "bytes": None if made.is_local else made.bytes,
        "cost": None if made.is_local else made.cost,
        "pairs": made.pairs,
        "unknown": len(made.unknown),
    }
    latency = asdict(made.latency) if made.latency else None
    models, tests = (
        [asdict(found) | {"cost": found.cost(made.price_per_tib)} for found in part]
        for part in (made.models, made.tests)
    )
    rules = [asdict(rule) for rule in made.rules or ()]
    return {
        "is_local": made.is_local,
        "totals": totals,
        "latency": latency,
        "models": models,
        "tests": tests,
        "rules": rules,
    }
