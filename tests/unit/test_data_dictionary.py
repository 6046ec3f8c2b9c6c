"""The data dictionary is what the models files say of every published table."""

from __future__ import annotations

from typing import Final

import pytest
import yaml

from tests.data_dictionary import PAGE, ROOT, data_dictionary, published_models
from tests.unit.document_texts import headings, section, table_rows

MODELS: Final = {model["name"]: model for models in published_models().values() for model in models}


def test_the_page_is_what_the_models_files_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(), (
        "write the page with `make docs-pages`"
    )


def test_the_page_has_the_tables_that_the_exposure_names() -> None:
    path = ROOT / "models" / "marts" / "_exposures.yml"
    exposures = yaml.safe_load(path.read_text(encoding="utf-8"))["exposures"]
    [copies] = [one["depends_on"] for one in exposures if one["name"] == "published_dataset"]
    assert {f"ref('{name}')" for name in headings(PAGE, 3)} == set(copies)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_table_has_a_key_and_its_columns_in_their_order(name: str) -> None:
    text = section(PAGE, name)
    assert text.lstrip().startswith("One row ")
    assert " Key: `" in text.splitlines()[1]
    listed = [row[0].strip("`") for row in table_rows(text)]
    assert listed == [column["name"] for column in MODELS[name]["columns"]]
    assert "doc(" not in text


def test_personal_data_and_tests_of_columns_are_shown() -> None:
    rows = {row[0]: row for row in table_rows(section(PAGE, "person_contact_points"))}
    assert rows["`value`"][3] == "text"
    persons = {row[0]: row for row in table_rows(section(PAGE, "dim_persons"))}
    assert persons["`primary_email`"][3] == "email"
    assert persons["`emails`"][1] == "`array<string>`"
    assert persons["`n_records`"][4] == "not null"
    assert persons["`company_id`"][4] == "is in `dim_companies.company_id`"
