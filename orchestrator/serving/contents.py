"""What is in a serving snapshot: tables of the warehouse as they are, and two indexes over them.

The grain of each table is that of the model of the same name. Indexes are made in SQLite:

`keys`: one row per kind of key, value and entity. Kinds: `email` and `phone` (as the matching has
them), `domain`, `record_id`, `source_id` (the source system, a colon and the id in it).

`names`: full text over one document per entity. `name` is how it is called, `more` its employer or
web domain and its place, `sounds` the Soundex codes of its name (Russell 1918, as the US archives
have it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

# A snapshot of another one is not read.
FORMAT: Final = 2


@dataclass(frozen=True, slots=True)
class ServedTable:
    """A table of the warehouse that goes into a snapshot."""

    name: str
    # Columns that rows are asked for by; each list is one index.
    found_by: tuple[tuple[str, ...], ...] = ()
    # Columns that many rows share, which are packed into one (see `packed`): it is a view of them.
    packed_by: tuple[str, ...] = ()
    # Copies that consumers read; what is about the running of Concord is in the marts alone, and
    # what only grows in the tables of operation, which a young warehouse lacks.
    layer: Literal["published", "marts", "ops"] = "published"


TABLES: Final = (
    ServedTable("dim_persons", (("person_id",),)),
    ServedTable("dim_companies", (("company_id",),)),
    ServedTable("bridge_person_records", (("person_id",), ("record_id",))),
    ServedTable("bridge_company_records", (("company_id",), ("record_id",))),
    ServedTable("person_contact_points", (("person_id",),)),
    ServedTable("person_addresses", (("person_id",),)),
    ServedTable("person_employments", (("person_id",), ("company_id",))),
    ServedTable("company_hierarchy", (("company_id",), ("parent_company_id",))),
    ServedTable("households", (("household_id",),)),
    ServedTable("bridge_household_persons", (("person_id",), ("household_id",))),
    ServedTable("person_value_provenance", packed_by=("person_id",)),
    ServedTable("company_value_provenance", packed_by=("company_id",)),
    ServedTable("entity_aliases", (("retired_id",),)),
    ServedTable("entity_events", (("entity_id",), ("entity_id_before",))),
    ServedTable("match_explanations", packed_by=("record_id_l", "record_id_r")),
    ServedTable("match_review_queue", (("entity", "priority"),)),
    ServedTable("decision_audit", (("decided_at",),)),
    ServedTable("decision_conflicts"),
    ServedTable("int_record_texts", (("record_id",),), layer="marts"),
    ServedTable("fct_runs", (("run_id",),), layer="marts"),
    ServedTable("fct_node_results", (("run_id",),), layer="marts"),
    ServedTable("match_quality", layer="marts"),
    ServedTable("match_model_parameters", layer="marts"),
    ServedTable("blocking_rule_yield", layer="marts"),
    ServedTable("run_anomalies", layer="marts"),
    ServedTable("alert_events", (("fingerprint",),), layer="ops"),
)

KEYS: Final = """
create table keys (
    kind text not null,
    value text not null,
    entity text not null,
    entity_id text not null,
    -- Of a contact: personal, role, switchboard or shared.
    usage text,
    primary key (kind, value, entity, entity_id)
) without rowid;

-- In order, so that each page is written once.
insert or ignore into keys
select kind, value, 'person', person_id, usage from person_contact_points where value is not null
union all
select 'domain', domains.value, 'company', company_id, null
from dim_companies, json_each(dim_companies.domains) as domains where domains.value is not null
union all
select 'phone', phones.value, 'company', company_id, null
from dim_companies, json_each(dim_companies.phones) as phones where phones.value is not null
union all
select 'record_id', record_id, 'person', person_id, null from bridge_person_records
union all
select 'record_id', record_id, 'company', company_id, null from bridge_company_records
union all
select 'source_id', source_system || ':' || source_id, 'person', person_id, null
from bridge_person_records where source_id is not null
union all
select 'source_id', source_system || ':' || source_id, 'company', company_id, null
from bridge_company_records where source_id is not null
order by 1, 2, 3, 4;
"""

# The documents are not kept beside the index: `named` says whose they are.
NAMES: Final = """
create virtual table names using fts5 (
    name, more, sounds,
    content = '', prefix = '1 2 3', tokenize = "unicode61"
);
create table named (id integer primary key, entity text not null, entity_id text not null);

insert into named (entity, entity_id)
select 'person', person_id from dim_persons
union all
select 'company', company_id from dim_companies;

insert into names (rowid, name, more, sounds)
select
    named.id,
    indexed_text(persons.display_name),
    indexed_text(persons.company_name, persons.city, persons.country),
    sounds_of(persons.display_name)
from named
inner join dim_persons as persons on named.entity = 'person' and named.entity_id = persons.person_id
union all
select
    named.id,
    indexed_text(companies.display_name),
    indexed_text(companies.primary_domain, companies.city, companies.country),
    sounds_of(companies.display_name)
from named
inner join dim_companies as companies
    on named.entity = 'company' and named.entity_id = companies.company_id;

insert into names (names) values ('optimize');
"""
