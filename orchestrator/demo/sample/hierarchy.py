"""Which companies belong to others, as Salesforce and HubSpot know it."""

from random import Random

from orchestrator.demo.sample.recording import Recording, Row
from orchestrator.demo.sample.world import World


def draw_parents(rng: Random, world: World) -> dict[str, str]:
    """Some companies with a parent each, which comes before them: nobody is above itself."""
    parents: dict[str, str] = {}
    for place, company in enumerate(world.companies):
        if place and rng.random() < 0.08:
            parents[company.company_id] = rng.choice(world.companies[:place]).company_id
    return parents


def add_parents(rng: Random, recording: Recording, parents: dict[str, str]) -> None:
    """Writes the parents into the rows of companies; each system knows some of them."""
    for table, column, share in (
        ("salesforce.account", "parent_id", 0.8),
        ("hubspot.company", "property_hs_parent_company_id", 0.6),
    ):
        by_company = _rows_by_company(recording, table)
        for company_id, parent_id in parents.items():
            if company_id in by_company and parent_id in by_company and rng.random() < share:
                by_company[company_id][column] = by_company[parent_id]["id"]


def _rows_by_company(recording: Recording, table: str) -> dict[str, Row]:
    """The first row that each company has in a table."""
    found: dict[str, Row] = {}
    for row in recording.rows[table]:
        truth = recording.company_truth.get(f"{table.replace('.', ':')}:{row['id']}")
        if truth:
            found.setdefault(truth.entity_id, row)
    return found
