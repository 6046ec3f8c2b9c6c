"""Puts the dbt project into the package; everything else is said in pyproject.toml."""

from __future__ import annotations

import runpy
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
# Run by its path: importing it would need what the package needs.
FILES = runpy.run_path(str(ROOT / "orchestrator" / "settings" / "project_files.py"))


class BuildWithProject(build_py):
    """Builds the package with a copy of the dbt project inside."""

    def run(self) -> None:
        """Copy the modules, then the project; an editable install uses the checkout itself."""
        super().run()
        if not self.editable_mode:
            place = Path(self.build_lib) / "orchestrator" / "project"
            self.announce(f"copying the dbt project to {place}")
            FILES["copy_fresh_project"](ROOT, place)


setup(cmdclass={"build_py": BuildWithProject})
