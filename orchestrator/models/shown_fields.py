"""The fields of records that are shown beside each other where two of them are looked at."""

from __future__ import annotations

from typing import Final

FIELDS: Final = {
    "person": (
        *("given_name", "family_name", "name_suffix", "emails", "phones", "company_name"),
        *("job_title", "street", "city", "postcode", "date_of_birth"),
    ),
    "company": ("company_name", "domains", "phones", "street", "city", "postcode"),
}
