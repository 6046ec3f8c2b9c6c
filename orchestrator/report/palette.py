"""The colours of the charts. The page maps each to a variable, so charts follow light and dark."""

from __future__ import annotations

from typing import Final

INK: Final = "#1d2733"
QUIET: Final = "#5d6b7a"
GRID: Final = "#dfe4ea"
ACCENT: Final = "#2463a8"
GOOD: Final = "#2a7f62"
BAD: Final = "#c2573a"
NEUTRAL: Final = "#9aa7b4"

# Colour in the chart -> CSS variable of the page.
CSS_VARIABLES: Final = {
    INK: "--ink",
    QUIET: "--quiet",
    GRID: "--line",
    ACCENT: "--accent",
    GOOD: "--good",
    BAD: "--bad",
    NEUTRAL: "--neutral",
}
