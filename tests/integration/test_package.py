"""The built package, in an environment of its own, far from any checkout."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Final

import pytest

from orchestrator.settings.project_files import PROJECT_PARTS

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.no_cover]

ROOT: Final = Path(__file__).resolve().parents[2]
UV: Final = Path(sys.executable).with_name("uv")
CUSTOMERS: Final = """Kunden-Nr.;Vorname;Nachname;E-Mail;Telefon;PLZ;Ort
17;Anna;Lehmann;anna.lehmann@lehmann.example;030 5550101;10115;Berlin
18;A.;Lehmann;anna.lehmann@lehmann.example;+49 30 5550101;10115;Berlin
19;Jörg;Weiß;joerg@weiss.example;0171 5550102;80331;München
20;=1+1;Formel;formel@formel.example;;50667;Köln
"""
NEXT_MONTH: Final = """Kunden-Nr.;Vorname;Nachname;E-Mail;Telefon;PLZ;Ort
12;Anna;Lehmann;anna.lehmann@lehmann.example;;10115;Berlin
17;Anna;Lehmann;anna.lehmann@lehmann.example;030 5550101;10117;Berlin
18;A.;Lehmann;anna.lehmann@lehmann.example;+49 30 5550101;10115;Berlin
20;=1+1;Formel;formel@formel.example;;50667;Köln
"""


def install(python: Path, wheel: Path) -> None:
    """Install a wheel with what it needs, in the pinned versions.

    What is at hand comes first, as `make test` needs no network. Where uv has nothing and gets
    nothing, the packages are those of this environment, by their path.
    """
    command = [str(UV), "pip", "install", "--quiet", "--python", str(python), str(wheel)]
    with_packages = ["--constraint", str(ROOT / "requirements" / "dev.txt")]
    for how in (["--offline"], [], ["--system-certs"]):
        tried = [*command, *with_packages, *how]
        if not subprocess.run(tried, check=False, capture_output=True).returncode:
            return
    subprocess.run([*command, "--no-deps", "--offline"], check=True)
    (own,) = (python.parents[1] / "lib").glob("python*/site-packages")
    (own / "packages.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package and install it into an empty environment; returns its `concord`."""
    folder = tmp_path_factory.mktemp("package")
    built = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *built], check=True)
    (wheel,) = folder.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for part in PROJECT_PARTS:
        place = f"orchestrator/project/{part}"
        assert [name for name in names if name == place or name.startswith(f"{place}/")], part
    assert not [name for name in names if name.startswith("tests/")]
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    install(folder / "env" / "bin" / "python", wheel)
    return folder / "env" / "bin" / "concord"


def test_two_months_of_customers_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(tmp_path)}

    def concord(*arguments: str) -> str:
        done = subprocess.run(
            [str(installed), *arguments],
            cwd=work,
            env=kept,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def entities(folder: str) -> dict[str, str]:
        with (work / folder / "records.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert [row["Vorname"] for row in rows if row["Kunden-Nr."] == "20"] == ["'=1+1"]
        return {row["Kunden-Nr."]: row["entity_id"] for row in rows}

    (work / "kunden.csv").write_text(CUSTOMERS, encoding="utf-8")
    told = concord("resolve", "kunden.csv", "--yes")
    assert "Written to kunden-resolved" in told
    first = entities("kunden-resolved")
    assert first["17"] == first["18"]
    assert len(set(first.values())) == 3

    (work / "dezember.csv").write_text(NEXT_MONTH, encoding="utf-8")
    told = concord("resolve", "dezember.csv", "--previous", "kunden-resolved", "--no-report")
    second = entities("dezember-resolved")
    assert {number: second[number] for number in ("17", "18", "20")} == {
        number: first[number] for number in ("17", "18", "20")
    }
    assert second["12"] == first["17"]
    assert "1  new, of somebody who was there" in told
    assert "1  gone, with all of their entity" in told
    # Nothing but the results, and what is kept for the user.
    assert {path.name for path in work.iterdir()} == {
        *("kunden.csv", "dezember.csv", "kunden-resolved", "dezember-resolved"),
    }
    assert not list((installed.parents[1] / "lib").rglob("project/target"))
    assert not [path for path in tmp_path.iterdir() if path.name not in ("home", "work")]


def test_a_copy_of_the_project_is_used_where_it_lies(installed: Path, tmp_path: Path) -> None:
    def concord(*arguments: str, folder: Path) -> str:
        done = subprocess.run(
            [str(installed), *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    concord("new", "project", "mine", folder=tmp_path)
    for part in PROJECT_PARTS:
        assert (tmp_path / "mine" / part).exists()
    listed = concord("settings", folder=tmp_path / "mine")
    assert str(tmp_path / "mine") in listed
    assert str(tmp_path / "mine") not in concord("settings", folder=tmp_path)
