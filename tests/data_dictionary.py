"""Writes docs/model/data-dictionary.md from what the models files say of the published tables.

python -m tests.data_dictionary
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "model" / "data-dictionary.md"
FOLDERS: Final = {
    "core": "People and companies",
    "activity": "Interactions",
    "stewardship": "Ids, decisions and questions",
}
INTRO: Final = Path(__file__).with_name("data_dictionary_intro.txt")
DOC_BLOCK: Final = re.compile(r"{%\s*docs (\w+)\s*%}(.*?){%\s*enddocs\s*%}", re.DOTALL)
DOC_CALL: Final = re.compile(r"{{\s*doc\(\s*['\"](\w+)['\"]\s*\)\s*}}")
REF: Final = re.compile(r"ref\('(\w+)'\)")


def published_models() -> dict[str, list[dict[str, Any]]]:
    """Return what the models files say of each published model, by the folder of the marts."""
    found: dict[str, list[dict[str, Any]]] = {folder: [] for folder in FOLDERS}
    for path in sorted((ROOT / "models" / "marts").rglob("_*__models.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models") or ():
            if model.get("config", {}).get("meta", {}).get("published"):
                found[path.parent.name].append(model)
    return found


def data_dictionary() -> str:
    """Return the page."""
    texts = _doc_texts()
    parts = [INTRO.read_text(encoding="utf-8")]
    models = published_models()
    for folder, title in FOLDERS.items():
        names = [model["name"] for model in models[folder]]
        parts.append(f"**{title}**: " + ", ".join(f"[{name}](#{name})" for name in names) + "\n")
    for folder, title in FOLDERS.items():
        parts.append(f"## {title}\n")
        parts += [_table(model, texts) for model in models[folder]]
    return "\n".join(parts)


def _doc_texts() -> dict[str, str]:
    files = sorted((ROOT / "models").rglob("*.md"))
    return {
        name: text
        for path in files
        for name, text in DOC_BLOCK.findall(path.read_text(encoding="utf-8"))
    }


def _table(model: dict[str, Any], texts: dict[str, str]) -> str:
    lines = [f"### {model['name']}\n", _line(model["description"], texts)]
    keys = [
        f"`{', '.join(arguments['columns'])}`"
        for name, arguments in _tests(model)
        if name in ("one_row_per", "unique_combination")
    ]
    lines[-1] += f" Key: {', '.join(keys)}.\n"
    lines += ["| column | type | meaning | personal | tests |", "|---|---|---|---|---|"]
    for column in model["columns"]:
        kind = column.get("config", {}).get("meta", {}).get("pii", "")
        tests = ", ".join(_test_words(name, arguments) for name, arguments in _tests(column))
        meaning = _line(column["description"], texts).replace("|", "\\|")
        lines.append(
            f"| `{column['name']}` | `{column['data_type']}` | {meaning} | {kind} | {tests} |"
        )
    return "\n".join(lines) + "\n"


def _tests(entry: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for test in entry.get("data_tests", ()):
        if isinstance(test, str):
            found.append((test, {}))
        else:
            ((name, said),) = ((n, s) for n, s in test.items() if n not in ("config", "name"))
            found.append((name, (said or {}).get("arguments", {})))
    return found


def _test_words(name: str, arguments: dict[str, Any]) -> str:
    if name == "accepted_values":
        return "one of " + ", ".join(f"`{value}`" for value in arguments["values"])
    if name == "relationships":
        (table,) = REF.findall(arguments["to"])
        return f"is in `{table}.{arguments['field']}`"
    return name.replace("_", " ")


def _line(text: str, texts: dict[str, str]) -> str:
    """Return a description on one line, with the texts that it takes from elsewhere."""
    return " ".join(DOC_CALL.sub(lambda call: texts[call[1]], text).split())


if __name__ == "__main__":
    PAGE.write_text(data_dictionary(), encoding="utf-8")
