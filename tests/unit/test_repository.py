"""Facts about the repository as a whole: its files, pins, documents and workflows."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from orchestrator.cli import COMMANDS, SECTIONS

ROOT: Final = Path(__file__).resolve().parents[2]
THIS_FILE: Final = Path(__file__).resolve()
GENERATED: Final = {
    *(".git", ".venv", ".concord", ".hypothesis", "build", "target", "logs", "__pycache__"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".terraform"),
}
# Folders of one machine, and where packages come from: neither is a fact about the project.
FORBIDDEN: Final = re.compile(
    r"(?<![\w./~-])/(?:root|work|workspace|builds)/\w"
    r"|--(?:extra-)?index-url[ =]|--find-links[ =]|https?://[^\s)]+/simple\b|files\.pythonhosted\.org"
)
PIN: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)


def repository_files() -> list[Path]:
    """Return the files that git would commit; without git, all that are not generated."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            found = [ROOT / name for name in done.stdout.split("\0") if name]
            return [path for path in found if path.is_file()]
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not GENERATED.intersection(path.relative_to(ROOT).parts)
    ]


def pins(name: str) -> dict[str, set[str]]:
    """Return the pinned versions of every package; one can differ by Python version."""
    found: dict[str, set[str]] = {}
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    for package, version in PIN.findall(text):
        found.setdefault(package, set()).add(version)
    return found


def workflows() -> dict[str, dict[Any, Any]]:
    """Return every workflow as GitHub reads it."""
    paths = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    return {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for path in repository_files():
        if path.resolve() == THIS_FILE:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), start=1)
        name = path.relative_to(ROOT)
        found += [
            f"{name}:{number}: {line.strip()}" for number, line in lines if FORBIDDEN.search(line)
        ]
    assert found == []


def test_no_file_holds_two_sides_of_a_merge() -> None:
    found = []
    for path in repository_files():
        lines = path.read_bytes().splitlines()
        if any(line.startswith((b"<<<<<<< ", b">>>>>>> ")) for line in lines):
            found.append(path.relative_to(ROOT).as_posix())
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "cd /builds/concord",
        "path=/root/x",
        "pip install --index-url https://x",
        "a/b: /work/main",
    ],
)
def test_the_search_for_machine_paths_finds_them(line: str) -> None:
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize("line", ["models/work/main", "https://example.com/home/page", "~/work/x"])
def test_the_search_for_machine_paths_leaves_others_alone(line: str) -> None:
    assert not FORBIDDEN.search(line)


REQUIREMENTS: Final = (
    "bootstrap",
    "runtime",
    "serve",
    "dev",
    "benchmark",
    "benchmark-data",
    "mutation",
)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pinned_package_has_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)
    assert len(entries) == len(PIN.findall(text)) > 0
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_requirement_files_agree() -> None:
    runtime, dev, bootstrap = pins("runtime"), pins("dev"), pins("bootstrap")
    serve = pins("serve")
    assert {name: found for name, found in runtime.items() if dev.get(name) != found} == {}
    assert {name: found for name, found in serve.items() if dev.get(name) != found} == {}
    # The service needs what the run does: commands, the warehouse, files in Cloud Storage.
    assert set(runtime) <= set(serve)
    assert bootstrap["setuptools"] == dev["setuptools"]
    # It lies before .venv on the path of `make test-mutation`.
    mutation = pins("mutation")
    shared = mutation.keys() & dev.keys()
    assert "pytest" in shared
    assert [name for name in shared if mutation[name] != dev[name]] == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_asked_requirement_is_pinned(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    asked = [re.split(r"[\[=<>]", line)[0].strip() for line in lines if re.match(r"[a-z]", line)]
    assert asked
    assert [package for package in asked if package not in pins(name)] == []


def test_hooks_use_the_pinned_versions() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    dev = pins("dev")
    checked = set()
    for hook in hooks:
        for package, version in PIN.findall("\n".join(hook.get("additional_dependencies", []))):
            if package in dev:
                checked.add(package)
                assert dev[package] == {version}
    assert {"ruff", "yamllint"} <= checked


def test_the_docs_list_the_commands_as_their_help_does() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    rows = [
        f"| `concord {name}` | {COMMANDS[name][1]} |" for _, names in SECTIONS for name in names
    ]
    expected = "\n".join(["", "| command | does |", "|---|---|", *rows, "", ""])
    listed = index.split("<!-- commands -->\n")[1].split("<!-- end of commands -->")[0]
    assert listed == expected, f"write between the marks of docs/README.md:\n{expected}"
    assert len(rows) == len(COMMANDS)


def test_the_docs_list_every_repair_of_the_local_warehouse() -> None:
    document = ROOT / "docs" / "develop" / "local-warehouse.md"
    table = document.read_text(encoding="utf-8").split("| repair | without it |")[1]
    listed = re.findall(r"^\| `(\w+)` \|", table.split("\n\n")[0], re.MULTILINE)
    modules = (ROOT / "orchestrator" / "local_warehouse" / "fixes").glob("*.py")
    # The docstring of a repair says what the emulator does in its stock form.
    repairs = [path.stem for path in modules if "\nStock: " in path.read_text(encoding="utf-8")]
    assert sorted(listed) == sorted(repairs)


def test_every_variable_of_dbt_is_in_the_docs() -> None:
    document = (ROOT / "docs" / "operate" / "settings.md").read_text(encoding="utf-8")
    paths = (ROOT / "profiles.yml", ROOT / "dbt_project.yml", *(ROOT / "macros").rglob("*.sql"))
    texts = "".join(path.read_text(encoding="utf-8") for path in paths)
    names = set(re.findall(r"env_var\(\s*'(CONCORD_[A-Z_]+)'", texts))
    assert "CONCORD_WAREHOUSE_CHECK" in names
    assert sorted(name for name in names if f"`{name}`" not in document) == []


def test_links_between_documents_lead_somewhere() -> None:
    missing = []
    for path in repository_files():
        if path.suffix != ".md":
            continue
        links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        local = (link for link in links if "://" not in link)
        name = path.relative_to(ROOT)
        missing += [f"{name}: {link}" for link in local if not (path.parent / link).exists()]
    assert missing == []


def test_every_document_and_decision_is_in_its_index() -> None:
    missing = []
    documents = ROOT / "docs"
    for folder, groups in (
        (documents, ("use", "model", "operate", "develop", "examples")),
        (documents / "decisions", (".",)),
    ):
        index = (folder / "README.md").read_text(encoding="utf-8")
        paths = (path for group in groups for path in (folder / group).glob("*.md"))
        names = (str(path.relative_to(folder)) for path in paths if path != folder / "README.md")
        missing += [name for name in sorted(names) if f"({name})" not in index]
    assert missing == []


def test_actions_are_pinned_to_a_commit_and_rights_are_given_by_job() -> None:
    assert workflows()
    for name, workflow in workflows().items():
        assert "permissions" in workflow, name
        steps = [step for job in workflow["jobs"].values() for step in job.get("steps", ())]
        for used in (step["uses"] for step in steps if "uses" in step):
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", used), f"{name}: {used}"


def test_scripts_and_targets_that_workflows_call_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert set(workflows()["checks.yml"]["jobs"]["make"]["strategy"]["matrix"]["target"]) <= targets
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / ".github").rglob("*.yml")]
    scripts = set(re.findall(r"\.ci/\w+", makefile + "".join(texts)))
    assert scripts
    for script in scripts:
        assert (ROOT / script).stat().st_mode & 0o111, f"{script} is not executable"


def test_the_image_gets_everything_it_copies() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE):
        copied.update(line.split()[:-1])
    assert copied == let_in
    # The README is checked elsewhere, by the build of the package itself.
    assert [name for name in sorted(copied - {"README.md"}) if not (ROOT / name).exists()] == []


# Public names that several modules may give to something of their own, and why.
SHARED_NAMES: Final = {
    "apply": "a fix of the local warehouse is a module with this one function",
    "main": "where a process begins",
}


def public_names(*folders: Path) -> dict[str, list[str]]:
    """Return the classes and functions of all modules, with the modules that define them."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found[node.name] += [path.stem] * (not node.name.startswith("_"))
    return {name: modules for name, modules in found.items() if modules}


def test_a_name_is_used_once() -> None:
    names = public_names(ROOT / "orchestrator", ROOT / "tools")
    twice = {name: modules for name, modules in names.items() if len(modules) > 1}
    assert {name: of for name, of in twice.items() if name not in SHARED_NAMES} == {}
    # An exception that is none any more goes.
    assert sorted(SHARED_NAMES) == sorted(twice)


def test_a_name_that_is_used_twice_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def judge(): ...\ndef _own(): ...\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("class judge: ...\ndef _own(): ...\n", encoding="utf-8")
    assert public_names(tmp_path) == {"judge": ["a", "b"]}
