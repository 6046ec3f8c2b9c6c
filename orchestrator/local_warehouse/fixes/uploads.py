"""Files come in from Python: `load_table_from_json`, `load_table_from_file`.

Stock: refuses the content type `*/*`, which google-cloud-bigquery sends for them.
"""

# A repair replaces what the emulator keeps to itself.
# ruff: noqa: SLF001

from __future__ import annotations

from bqemulator.api.routes import upload

_ANY_TYPE = "*/*"


def apply() -> None:
    """Permit the type besides those that are permitted already."""
    stock_permits = upload._is_permitted_media_type

    def is_permitted_media_type(media_ct: str) -> bool:
        return media_ct == _ANY_TYPE or stock_permits(media_ct)

    upload._is_permitted_media_type = is_permitted_media_type
