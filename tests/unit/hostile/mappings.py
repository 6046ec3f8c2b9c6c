"""Mappings that are no YAML, no mapping, or the wrong one."""

from __future__ import annotations

from typing import Final

GOOD: Final = "entity: person\nrecord_id: record_id\ncolumns:\n  given_name: given_name\n"
VALUES: Final = (
    *("2024-13-45", "!!int abc", "!!float x", "!!bool maybe", "!!timestamp soon", "!!binary '*'"),
    *("&a [*a]", "&a {x: *a}", "[" * 3_000, "{a: " * 3_000, "[" * 900 + "]" * 900, "!!python/x 1"),
    *("5", "true", "null", "''", "[]", "{}", "[[]]", "[1, 2]", "{a: {b: c}}", "{a: []}", "~"),
    *("2024-01-01", "0x1F", "1e400", ".nan", "!!set {a, b}", "!!omap [a: 1]", "!!null x", "*a"),
    *("'unclosed", "a: b: c", "@x", "`x`", "%x", "|\n   text", "!<x> y", "!!str [a]", "- a\n- b"),
    *("\x07", "'\\ud800'", '"\\ud800"', '"\\x00"', "\u2028", "no_such_column", "Given Name"),
)
KEYS: Final = ("entity", "record_id", "source_system", "columns", "duplicate_free_sources")
TEXTS: Final = (
    *("", "\n", "---", "text", "[a]", "- a", "5", "\t", "\x00", "{", "}", "a: b: c", "a: &x *x"),
    *(
        "? a\n: b\n",
        "? [a]\n: b\n",
        "? {a: b}\n: c\n",
        "<<: x\n",
        "--- a\n--- b\n",
        "%YAML 9.9\n---",
    ),
    *(GOOD + "extra: 1\n", GOOD + "entity: person\n", GOOD.replace("columns", "Columns")),
    *(GOOD.replace("\n", "\r"), GOOD.replace("  ", "\t"), GOOD * 2, "\ufeff" + GOOD),
    *(GOOD.replace("given_name:", "surname:"), GOOD.replace("given_name:", "identifiers:")),
    "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
)


def mappings() -> dict[str, bytes]:
    """Return the bytes of each mapping by a name for the report."""
    found = {f"text {number}": text.encode() for number, text in enumerate(TEXTS)}
    for key in KEYS:
        for number, value in enumerate(VALUES):
            lines = [line for line in GOOD.splitlines() if not line.startswith(f"{key}:")]
            if key == "columns":
                lines = [line for line in lines if not line.startswith(" ")]
            text = "\n".join([*lines, f"{key}: {value}", ""])
            found[f"{key} {number}"] = text.encode(errors="surrogatepass")
    for number, value in enumerate(VALUES):
        text = GOOD.replace(": given_name", f": {value}")
        found[f"one column {number}"] = text.encode(errors="surrogatepass")
    found["latin-1"] = GOOD.replace("given_name\n", "Straße\n").encode("latin-1")
    found["utf-16"] = GOOD.encode("utf-16")
    found["random"] = bytes(range(256)) * 4
    found["huge"] = b"a" * ((1 << 20) + 1)
    return found
