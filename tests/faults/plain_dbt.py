"""Records what plain dbt does with the same faults: `python -m tests.faults.plain_dbt`.

The same project, profile and stand-in as in the tests, and `dbt build` instead of `concord run`.
"""

from __future__ import annotations

import json
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tests.faults.cases import BACKEND, CASES, EXPIRED, NODE, Case
from tests.faults.night import MODELS, ROOT, Nights
from tests.faults.processes import start
from tests.faults.stand_in.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.night import Night, Outcome

RESULTS: Final = ROOT / "build" / "faults" / "dbt.jsonl"
AT_ONCE: Final = 4
PATIENCE_SECONDS: Final = 90.0
STORM: Final = (
    Fault("any", "refuse", "backendError", share=0.05),
    Fault("job", "fail", "backendError", BACKEND, share=0.05),
)
SLOW: Final = Fault("job", "slow", node=NODE, seconds=60)
HANG: Final = Fault("poll", "hang", node=NODE, seconds=150, times=99)


@dataclass(frozen=True)
class Facts:
    """What is looked at after a command of plain dbt."""

    night: Night
    outcome: Outcome

    def as_json(self, node: str = NODE, **more: object) -> dict[str, Any]:
        """Return the facts for the document."""
        api = self.night.stand_in.api
        jobs = [job for job in api.jobs.by_id.values() if job.node == node]
        return {
            "exit_code": self.outcome.exit_code,
            "seconds": round(self.outcome.seconds, 1),
            "jobs": len(jobs),
            "cancels": len(self.night.calls("cancel")),
            **more,
        }


def run_case(nights: Nights, case: Case) -> dict[str, Any]:
    """Run one fault of BigQuery."""
    night = nights.night(case.faults, **case.environment)
    facts = Facts(night, night.dbt("build", "--log-level-file", "none"))
    is_same = night.state_of_models == nights.undisturbed_models
    # dbt has no preflight, publishes nothing and writes no log: then the fault does not happen.
    was_hit = bool(night.stand_in.api.script.hits)
    return facts.as_json(case.node, is_same=is_same, was_hit=was_hit)


def _signalled(nights: Nights, number: signal.Signals) -> dict[str, Any]:
    night = nights.night([SLOW])
    running = night.start("dbt", "build", is_fresh=True)
    night.wait_for("poll", NODE)
    time.sleep(0.5)
    running.send(number)
    sent = time.monotonic()
    outcome = night.finish(running)
    seconds = time.monotonic() - sent
    has_results = (night.folder / "target" / "run_results.json").exists()
    night.script()
    again = night.dbt("retry")
    return Facts(night, outcome).as_json(
        seconds=round(seconds, 1),
        has_results=has_results,
        retry_exit_code=again.exit_code,
        retry_does_nothing="Nothing to do" in again.text,
    )


def _limited(nights: Nights, *faults: Fault) -> dict[str, Any]:
    """Run until the end or until patience ends; the profile allows a job five seconds."""
    night = nights.night(faults, CONCORD_JOB_TIMEOUT_SECONDS="5")
    running = night.start("dbt", "build")
    code = running.wait(PATIENCE_SECONDS)
    outcome = night.finish(running)
    is_killed = code == -signal.SIGKILL
    return Facts(night, outcome).as_json(is_killed=is_killed)


def _two(nights: Nights) -> dict[str, Any]:
    night = nights.night([Fault("job", "slow", node=NODE, seconds=1, times=99)])
    running = [night.start("dbt", "build", "--target-path", f"target_{n}") for n in range(2)]
    outcomes = [night.finish(one) for one in running]
    writes = night.warehouse.count_writes(MODELS)
    return Facts(night, outcomes[0]).as_json(most_writes=max(writes.values()))


def _disk(nights: Nights, *, is_log: bool) -> dict[str, Any]:
    night = nights.night()
    output = Path("/dev/full") if is_log else night.folder / "output.txt"
    limit = None if is_log else 64
    running = start(
        ("dbt", "build"),
        night.environment,
        night.folder,
        output,
        is_fresh=True,
        largest_file_kib=limit,
    )
    code = running.wait()
    return {"exit_code": code, "is_same": night.state_of_models == nights.undisturbed_models}


def _no_list_right(nights: Nights) -> dict[str, Any]:
    fault = Fault("tables", "refuse", "accessDenied", "Access Denied: no", MODELS, times=999)
    night = nights.night([fault])
    outcome = night.dbt("build")
    kinds = [write.kind for write in night.warehouse.writes if write.table == (MODELS, "history")]
    return Facts(night, outcome).as_json(history=kinds)


def _no_login(nights: Nights) -> dict[str, Any]:
    night = nights.night([Fault("any", "refuse", "authError", EXPIRED, times=999)])
    return Facts(night, night.dbt("build")).as_json()


def _bad_profile(nights: Nights) -> dict[str, Any]:
    night = nights.night()
    (night.folder / "profiles.yml").write_text("concord: [", encoding="utf-8")
    return Facts(night, night.dbt("build")).as_json()


def _down(nights: Nights) -> dict[str, Any]:
    night = nights.night(CONCORD_WAREHOUSE_URL="http://127.0.0.1:9")
    running = night.start("dbt", "build")
    is_killed = running.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    return Facts(night, night.finish(running)).as_json(is_killed=is_killed)


def _storm(nights: Nights) -> dict[str, Any]:
    good = 0
    for seed in range(20):
        night = nights.night()
        night.stand_in.script(STORM, seed)
        good += night.dbt("build").exit_code == 0
    return {"good": good, "nights": 20}


OTHER_RUNS: Final[dict[str, Callable[[Nights], dict[str, Any]]]] = {
    "sigterm": partial(_signalled, number=signal.SIGTERM),
    "sigint": partial(_signalled, number=signal.SIGINT),
    "kill": partial(_signalled, number=signal.SIGKILL),
    "poll_hang": lambda nights: _limited(nights, SLOW, HANG),
    "slow_job": lambda nights: _limited(nights, SLOW),
    "two_starters": _two,
    "full_log": partial(_disk, is_log=True),
    "full_target": partial(_disk, is_log=False),
    "no_list_right": _no_list_right,
    "no_login": _no_login,
    "bad_profile": _bad_profile,
    "warehouse_down": _down,
    "storm": _storm,
}


@click.command()
@click.option("--only", "-k", default="", help="Part of the names to run.")
def main(only: str) -> None:
    """Run the faults through plain dbt, and write build/faults/dbt.jsonl."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        nights = Nights(Path(folder))
        runs: dict[str, Callable[[], dict[str, Any]]] = {
            case.name: partial(run_case, nights, case) for case in CASES
        }
        runs |= {name: partial(run, nights) for name, run in OTHER_RUNS.items()}
        names = [name for name in runs if only in name]
        futures = {name: pool.submit(runs[name]) for name in names}
        with RESULTS.open("a", encoding="utf-8") as file:
            for name, future in futures.items():
                facts = {"name": name, **future.result()}
                file.write(json.dumps(facts) + "\n")
                click.echo(json.dumps(facts))
        nights.close()


if __name__ == "__main__":
    main()
