"""A fortnight of real nights in a small world: after each, everything is what the model says.

Every test is one night and goes on from the one before.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.bigquery.connect import private_local_warehouse
from orchestrator.settings.values import Settings, exported
from tests.entities.fortnight import Fortnight
from tests.entities.lean_project import lean_project, left_out
from tests.entities.people_and_firms import Firm, Person
from tests.entities.world import SOURCES
from tests.project_copy import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [
    *(pytest.mark.integration, pytest.mark.no_cover, pytest.mark.slow, pytest.mark.fortnight),
]

PEOPLE: Final = 32
FIRMS: Final = 8
NOTHING: Final[dict[str, dict[str, str]]] = {"person": {}, "company": {}}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fortnight]:
    """Return a warehouse of a copy of the project, before the first night."""
    project = lean_project(tmp_path_factory.mktemp("project"))
    settings = Settings(project_dir=project, sources=SOURCES, threads=4)
    data = tmp_path_factory.mktemp("warehouse")
    with private_local_warehouse(settings, data, "1GB") as connection:
        environment = connection.settings.environment()
        with exported(environment | {"CONCORD_PROJECT_DIR": str(project)}):
            yield Fortnight(connection, left_out(connection.settings))


@pytest.fixture
def fortnight(
    world: Fortnight, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Fortnight:
    """Return the fortnight with a further day begun."""
    world.capsys = capsys
    world.world.next_day()
    # One record of this small world is more than one percent of it.
    monkeypatch.setenv("CONCORD_MAX_ID_CHANGES", "0.1")
    return world


def test_night_01_everybody_is_born(fortnight: Fortnight) -> None:
    events = fortnight.accepted_night()
    for entity, number in (("person", PEOPLE), ("company", FIRMS)):
        assert set(events[entity].values()) == {"born"}
        assert len(fortnight.believed[entity].living) == number


def test_night_02_the_same_again_changes_nothing(fortnight: Fortnight) -> None:
    assert fortnight.accepted_night() == NOTHING


def test_night_03_records_come_and_say_something_else(fortnight: Fortnight) -> None:
    world = fortnight.world
    before = {entity: set(one.living) for entity, one in fortnight.believed.items()}
    world.put_person("shop", Person(26))
    world.put_person("news", Person(PEOPLE))
    world.put_supplier(Firm(2))
    world.change("hubspot:contact:1003", property_phone="(555) 010-0199")
    events = fortnight.accepted_night()
    assert events == {
        "person": {
            "files:people:shop:S26": "grew",
            "files:people:news:N32": "born",
            "hubspot:contact:1003": "updated",
        },
        "company": {"files:companies:suppliers:V2": "grew"},
    }
    for entity, one in fortnight.believed.items():
        assert before[entity] <= one.living


def test_night_04_records_go(fortnight: Fortnight) -> None:
    for record in ("files:people:shop:S25", "hubspot:contact:1004", "hubspot:company:506"):
        fortnight.world.remove(record)
    retired = fortnight.id_of("files:people:shop:S25")
    assert fortnight.accepted_night() == {
        "person": {
            "files:people:shop:S25": "retired",
            "hubspot:contact:1004": "shrank",
        },
        "company": {"hubspot:company:506": "retired"},
    }
    assert fortnight.believed["person"].aliases.resolve(retired) is None


def test_night_05_a_merged_contact_waits_until_somebody_accepts_it(
    fortnight: Fortnight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONCORD_MAX_ID_CHANGES")
    ended, went_on = map(fortnight.id_of, ("hubspot:contact:1003", "hubspot:contact:1001"))
    fortnight.world.change(
        "hubspot:contact:1001",
        property_hs_merged_object_ids="1003",
        property_hs_additional_emails=Person(3).email,
    )
    told = fortnight.refused_night(exit_code=1)
    assert "of person ids would change, allowed 1.0 %" in told
    assert "--accept-changes" in told
    before = fortnight.kept()
    assert fortnight.concord("retry").exit_code == 1
    assert fortnight.kept() == before
    told = fortnight.concord("retry", "--accept-changes").text
    assert fortnight.check() == {
        "person": {"hubspot:contact:1003": "merged", "hubspot:contact:1001": "updated"},
        "company": {},
    }, told
    assert fortnight.believed["person"].aliases.resolve(ended) == went_on


def test_night_06_people_decide(fortnight: Fortnight) -> None:
    shop, contact = "files:people:shop:S{}".format, "hubspot:contact:{}".format
    both = fortnight.id_of(shop(22)), fortnight.id_of(shop(23))
    fortnight.decide(*both, "same", by="ann")
    fortnight.decide(shop(5), contact(1005), "different", by="ann")
    fortnight.decide(shop(7), contact(1007), "unsure", by="ann")
    fortnight.world.remove(contact(1003))
    events = fortnight.accepted_night()
    assert events["company"] == {}
    assert events["person"].pop(contact(1003)) == "shrank"
    # Of two that are of one size the older goes on; of two halves the first by name.
    moved = {record: event for record, event in events["person"].items() if event != "updated"}
    assert sorted(moved.values()) == ["merged", "split", "split"]
    for left, right, is_one in (
        (shop(22), shop(23), True),
        (shop(5), contact(1005), False),
        (shop(7), contact(1007), False),
    ):
        assert (fortnight.id_of(left) == fortnight.id_of(right)) == is_one
        assert len(moved.keys() & {left, right}) == 1
    assert fortnight.believed["person"].aliases.resolve(max(both)) == min(both)
    assert {fortnight.causes_of_night[record] for record in moved} == {"decision"}


def test_night_07_decisions_that_are_against_each_other(fortnight: Fortnight) -> None:
    shop, contact = "files:people:shop:S{}".format, "hubspot:contact:{}".format
    # Of two people who decide about the same two, the one who did so last is right.
    fortnight.decide(shop(5), contact(1005), "same", by="bob")
    # A circle that cannot be: none of what joins it holds.
    circle = (contact(1020), contact(1021), shop(24))
    fortnight.decide(circle[0], circle[1], "same", by="ann")
    fortnight.decide(circle[0], circle[2], "different", by="bob")
    told = fortnight.concord("decide", circle[1], circle[2], "same", "--reason", "cycle")
    assert told.exit_code != 0, told.text
    fortnight.decide(circle[1], circle[2], "same", "--anyway", by="cem")
    told = fortnight.concord("decide", shop(999), shop(24), "same", "--reason", "nobody knows it")
    assert told.exit_code == 2, told.text
    # Others than `concord decide` may write into the table.
    fortnight.decide_unseen(shop(999), shop(24))
    events = fortnight.accepted_night()
    assert events["company"] == {}
    assert sorted(events["person"].values()) == ["merged"]
    assert fortnight.id_of(shop(5)) == fortnight.id_of(contact(1005))
    assert len({fortnight.id_of(record) for record in circle}) == len(circle)
    states = fortnight.decision_states()
    # Nothing but the decision that holds no more has kept them apart.
    assert states[shop(5), contact(1005)] == ["superseded", "redundant"]
    assert states[shop(999), shop(24)] == ["unknown_reference"]
    assert states[circle[0], circle[1]] == states[circle[1], circle[2]] == ["contradictory"]


def test_night_08_a_full_refresh_changes_nothing(fortnight: Fortnight) -> None:
    assert fortnight.accepted_night("--full-refresh") == NOTHING


def test_night_09_a_source_that_comes_back_empty_retires_nobody(fortnight: Fortnight) -> None:
    told = fortnight.refused_night(exit_code=1, without="files")
    assert "files.people has 0 rows" in told


def test_night_10_ids_of_records_in_other_letters_and_twice(fortnight: Fortnight) -> None:
    world = fortnight.world
    before = fortnight.id_of("files:people:news:N27")
    row = world.row("files:people:news:N27")
    world.remove("files:people:news:N27")
    world.put("files.people", row | {"record_id": "n27"})
    # The same id a second time, with an older state: the newer one is taken.
    world.put_again("files:people:shop:S10", given_name="Somebody", family_name="Else")
    # A record that says that it is somebody else moves to him.
    person = Person(8)
    world.put_person("news", person, record_id="N6")
    left, joined = map(fortnight.id_of, ("files:people:news:N6", "files:people:news:N8"))
    assert fortnight.accepted_night() == {
        "person": {
            "files:people:news:N27": "shrank",
            "files:people:news:n27": "grew",
            "files:people:news:N6": "moved",
        },
        "company": {},
    }
    assert fortnight.id_of("files:people:news:n27") == before
    assert fortnight.id_of("files:people:news:N6") == joined != left


def test_night_11_another_model_moves_nobody_who_is_clear(fortnight: Fortnight) -> None:
    used = fortnight.json_of("models", "--promoted")["model_version"]
    trained = fortnight.json_of("train")["model_version"]
    assert trained != used
    told = fortnight.concord("promote", trained, "--yes")
    assert told.exit_code == 0, told.text
    fortnight.world.remove("files:people:news:N32")
    assert fortnight.accepted_night() == {
        "person": {"files:people:news:N32": "retired"},
        "company": {},
    }
    assert fortnight.json_of("models", "--promoted")["model_version"] == trained


def test_night_12_what_was_lost_comes_back_from_the_backup(fortnight: Fortnight) -> None:
    backup_id = fortnight.json_of("backup")["backup_id"]
    before = fortnight.kept()
    fortnight.connection.query("truncate table concord_ops.entity_ledger")
    assert fortnight.kept() != before
    told = fortnight.concord("restore", backup_id, "--yes")
    assert told.exit_code == 0, told.text
    assert fortnight.kept() == before
    # The night goes on from it: a contact is somebody new, a supplier is another company. That one
    # has two records: of two ids with as many, the older stays, and which is older is chance.
    fortnight.world.put_contact(Person(PEOPLE + 1), id=1010)
    fortnight.world.put_supplier(Firm(5), record_id="V3")
    left = fortnight.id_of("hubspot:contact:1010")
    assert fortnight.accepted_night() == {
        "person": {"hubspot:contact:1010": "split"},
        "company": {"files:companies:suppliers:V3": "moved"},
    }
    assert fortnight.id_of("files:people:shop:S10") == left
    assert fortnight.id_of("hubspot:contact:1010") > left


def test_night_13_an_export_that_is_wrong_is_refused_and_then_repaired(
    fortnight: Fortnight,
) -> None:
    world = fortnight.world
    right = {record: world.row(record) for record in world.records("person") if ":shop:" in record}
    # Every row of the shop has come with the values of one and the same person.
    values = ("given_name", "family_name", "emails", "phones", "street", "city", "postcode")
    wrong = {name: world.row("files:people:news:N0")[name] for name in values}
    for record in right:
        world.change(record, **wrong)
    told = fortnight.refused_night(exit_code=1)
    assert "of person ids would change, allowed 10.0 %" in told
    for record, row in right.items():
        world.put_back(record, row)


def test_night_14_all_of_it_is_known_and_nothing_changes_any_more(fortnight: Fortnight) -> None:
    assert fortnight.accepted_night() == NOTHING
    fortnight.check_all_days()


def test_one_story_and_all_figures(world: Fortnight, capsys: pytest.CaptureFixture[str]) -> None:
    figures = world.figures()
    assert sum(figures["causes"].values()) == figures["ids_changed"] > 0
    person_id = world.id_of("hubspot:contact:1001")
    story = world.published.story(person_id)
    assert [(row["event"], row["cause"]) for row in story] == [
        *[("born", "new_record")] * 2,
        ("updated", "changed_record"),
        ("merged", "changed_record"),
        ("updated", "changed_record"),
        ("shrank", "deleted_record"),
    ]
    path = ROOT / "build" / "fortnight.json"
    path.parent.mkdir(exist_ok=True)
    told = json.dumps({**figures, "person_id": person_id, "story": story}, indent=2)
    path.write_text(told + "\n", encoding="utf-8")
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
