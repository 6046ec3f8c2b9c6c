"""The browser that .ci/setup_browser has found: how to start it.

As a command it starts one, and writes down how: FILE [EXECUTABLE ARGUMENT... [-- NAME=VALUE...]].
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "build" / "browser"
# The variable names another one, for a test of what is said where there is none.
FILE: Final = Path(os.environ.get("BROWSER_FILE", FOLDER / "browser.json"))
NOT_RUN: Final = "browser tests were NOT run"
HOW_TO: Final = f"{NOT_RUN}: no browser was set up, see `make test-browser`"
SEPARATOR: Final = "--"


def is_installed() -> bool:
    """Say whether a browser was set up."""
    return FILE.is_file()


def start_browser(playwright: Playwright, file: Path = FILE) -> Browser:
    """Start the browser that a file names."""
    named: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return playwright.chromium.launch(
        executable_path=named["executable"] or None,
        args=named["arguments"],
        env={**os.environ, **named["environment"]},
    )


def main(file: Path, command: list[str]) -> int:
    """Start a browser, say which it is, and keep how it is started if it does."""
    from playwright.sync_api import Error, sync_playwright

    if command:
        executable, *arguments = command
        at = arguments.index(SEPARATOR) if SEPARATOR in arguments else len(arguments)
        named = {
            "executable": executable,
            "arguments": arguments[:at],
            "environment": dict(one.split("=", 1) for one in arguments[at + 1 :]),
        }
        file.write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")
    try:
        with sync_playwright() as playwright, start_browser(playwright, file) as browser:
            browser.new_page().set_content("<p>here</p>")
            sys.stdout.write(f"Chromium {browser.version}\n")
    except Error as error:
        file.unlink(missing_ok=True)
        sys.stderr.write(error.message.splitlines()[0] + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
