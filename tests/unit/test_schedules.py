"""The snippets of docs/operate/schedules.md parse, and what they call exists."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import shutil
import subprocess
from typing import Any, Final

import pytest
import yaml

from orchestrator import errors
from orchestrator.cli import COMMANDS
from tests.unit.document_texts import OPERATE, ROOT, blocks, read, section, table_rows
from tests.unit.test_documents import is_known_variable, known_variables

PAGE: Final = OPERATE / "schedules.md"
PYTHON: Final = [block.text for block in blocks(PAGE, "python")]


def exit_codes() -> set[int]:
    """Return every exit code of the command."""
    return {value for name, value in vars(errors).items() if name.startswith("EXIT_")}


def test_the_page_says_of_every_exit_code_what_to_do() -> None:
    rows = table_rows(section(PAGE, "What a scheduler has to do"))
    assert {int(row[0]) for row in rows} == exit_codes()
    assert all(row[2] for row in rows)


@pytest.mark.parametrize("text", PYTHON)
def test_python_compiles_and_calls_commands_that_exist(text: str) -> None:
    tree = ast.parse(text)
    compile(tree, str(PAGE), "exec")
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {"concord", "run", "retry"} <= words
    assert {"run", "retry"} <= set(COMMANDS)


@pytest.mark.parametrize("text", PYTHON)
def test_python_handles_every_exit_code(text: str) -> None:
    numbers = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    # One and two are what is left: they are not repeated.
    assert exit_codes() - {errors.EXIT_FAILED, errors.EXIT_USAGE} <= numbers


def script() -> str:
    """Return the script of cron and systemd."""
    (block,) = [one for one in blocks(PAGE, "sh") if one.text.startswith("#!")]
    return block.text


@pytest.mark.parametrize(
    ("answers", "ends", "calls"),
    [
        ([0], 0, ["run"]),
        ([1], 1, ["run"]),
        ([2], 2, ["run"]),
        ([3, 0], 0, ["run", "retry"]),
        ([3, 3, 3], 3, ["run", "retry", "retry"]),
        ([3, 1], 1, ["run", "retry"]),
        ([4], 0, ["run"]),
        ([130], 130, ["run"]),
    ],
)
def test_the_script_does_what_the_exit_code_says(
    tmp_path: Any,  # noqa: ANN401
    answers: list[int],
    ends: int,
    calls: list[str],
) -> None:
    shell = shutil.which("sh")
    assert shell
    stand_in = (
        f'#!/bin/sh\necho "$1" >> {tmp_path}/calls\nset -- {" ".join(map(str, answers))}\n'
        f'shift "$(($(wc -l < {tmp_path}/calls) - 1))"\nexit "$1"\n'
    )
    for name, text in {"concord": stand_in, "sleep": "#!/bin/sh\n", "night": script()}.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    done = subprocess.run(
        [shell, str(tmp_path / "night")], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=False
    )
    assert done.returncode == ends
    assert (tmp_path / "calls").read_text(encoding="utf-8").split() == calls


def test_lines_of_cron_are_five_times_a_user_and_a_command() -> None:
    (block,) = blocks(PAGE, "text")
    known = known_variables()
    entries = 0
    for line in block.text.splitlines():
        name, equals, _ = line.partition("=")
        if equals and name.isupper():
            assert not name.startswith("CONCORD_") or is_known_variable(name, known)
            continue
        words = shlex.split(line)
        user, command, *rest = words[5:]
        assert all(re.fullmatch(r"\*|\d+", one) for one in words[:5])
        assert user == "etl"
        assert command == "concord-night" or (command == "concord" and rest[0] in COMMANDS)
        entries += 1
    assert entries == 2


def units() -> list[configparser.ConfigParser]:
    """Return the units of systemd."""
    found = []
    for block in blocks(PAGE, "ini"):
        unit = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        unit.optionxform = str  # type: ignore[method-assign, assignment]
        unit.read_string(block.text)
        found.append(unit)
    return found


def test_units_are_a_service_that_ends_in_time_and_its_timer() -> None:
    service, timer = units()
    assert service.sections() == ["Unit", "Service"]
    assert timer.sections() == ["Unit", "Timer", "Install"]
    assert service["Service"]["Type"] == "oneshot"
    start = service["Service"]["ExecStart"]
    assert f"`{start}`" in read(PAGE)
    hours = int(service["Service"]["TimeoutStartSec"].removesuffix("h"))
    # Three attempts of the deadline that is the default, and the waits of the script.
    waits = re.search(r"for wait in ([\d ]+);", script())
    assert waits
    assert hours * 3600 > 3 * 14400 + sum(map(int, waits[1].split()))
    assert timer["Timer"]["OnCalendar"].endswith("UTC")


def workflow() -> dict[Any, Any]:
    """Return the workflow as GitHub reads it."""
    (block,) = blocks(PAGE, "yaml")
    loaded: dict[Any, Any] = yaml.safe_load(block.text)
    return loaded


def test_the_workflow_is_written_as_those_of_the_repository() -> None:
    found = workflow()
    assert found["permissions"] == {}
    (job,) = found["jobs"].values()
    assert {name for name in job["env"] if not is_known_variable(name, known_variables())} == set()
    folder = ROOT / ".github" / "workflows"
    pinned = {
        used for path in folder.glob("*.yml") for used in re.findall(r"uses: (\S+@\S+)", read(path))
    }
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert uses
    assert set(uses) <= pinned


def test_the_workflow_ends_after_the_run_has_given_up() -> None:
    (job,) = workflow()["jobs"].values()
    deadline = int(job["env"]["CONCORD_LIMIT_DEADLINE_SECONDS"])
    # Two attempts and the wait between them.
    assert 2 * deadline + 1800 < job["timeout-minutes"] * 60
