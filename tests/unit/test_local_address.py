"""Addresses of local warehouses that a shell has from somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestrator.bigquery.connect import connect
from orchestrator.bigquery.local_address import check_owner, names_project, token_of
from orchestrator.errors import ConfigurationError
from orchestrator.local_warehouse.address import Address, owner_mark
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path


def settings(tmp_path: Path, token: str | None) -> Settings:
    return Settings(project_dir=tmp_path, warehouse_url="http://127.0.0.1:9", warehouse_token=token)


def test_another_checkouts_warehouse_is_refused(tmp_path: Path) -> None:
    foreign = settings(tmp_path, f"random.{owner_mark(tmp_path / 'other')}")
    with pytest.raises(ConfigurationError, match="belongs to another project") as refused:
        connect(foreign)
    assert "unset CONCORD_WAREHOUSE_URL" in refused.value.what_to_do
    assert not names_project(foreign)


@pytest.mark.parametrize("token", [None, "", "a-word", "random.private"])
def test_what_names_no_project_is_taken_as_given(tmp_path: Path, token: str | None) -> None:
    given = settings(tmp_path, token)
    check_owner(given)
    assert token_of(given) == (token or "")
    assert not names_project(given)


def test_the_own_one_is_known(tmp_path: Path) -> None:
    own = settings(tmp_path, f"random.{owner_mark(tmp_path)}")
    check_owner(own)
    assert names_project(own)
    assert own.environment()["CONCORD_WAREHOUSE_TOKEN"] == token_of(own)
    assert token_of(own) not in repr(own) + repr(Address(1, token_of(own)))
