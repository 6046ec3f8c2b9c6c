"""The two sides of a question, as the files have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.mapping.mapped_sql import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.sources.source_schemas import RawTable


def review_sql(path: Path, table: RawTable, *, has_sources: bool) -> str:
    """Return the query of the questions, the most valuable one first, over the view `mapped`."""
    left_out = "" if has_sources else "exclude (source_l, source_r)"
    sides = ", ".join(
        f"shown_{side}.{kind} as {kind}_{side}"
        for kind in ("name", "address", "contacts")
        for side in "lr"
    )
    sides += ", round(asked.match_weight, 1) as match_weight"
    evidence = ", ".join(
        f"replace(asked.evidence_{way}, '_', ' ') as evidence_{way}" for way in ("for", "against")
    )
    return f"""
        with asked as (from {quoted(str(path))}),
        shown as ({_shown_values(table)}),
        side_by_side as (
            select
                asked.priority,
                '' as decision,
                asked.* exclude (priority) replace ({sides}, {evidence}),
            from asked
            left join shown as shown_l
                on asked.source_l = shown_l.source_system and asked.record_id_l = shown_l.record_id
            left join shown as shown_r
                on asked.source_r = shown_r.source_system and asked.record_id_r = shown_r.record_id
        )
        select * {left_out} from side_by_side order by priority
    """


def _shown_values(table: RawTable) -> str:
    """Return the query of what a person reads to tell records apart, as the files have it."""
    columns = table.column_by_name.keys()
    lists = [name for name in ("domains", "emails", "phones") if name in columns]
    name = "company_name"
    contacts = [f"array_to_string({name}, ', ')" for name in lists]
    if "family_name" in columns:
        parts = "concat_ws(' ', given_name, middle_name, family_name, name_suffix)"
        name = f"coalesce(full_name, {parts})"
        contacts.append("company_name")
    address = "concat_ws(', ', street, nullif(concat_ws(' ', postcode, city), ''), region, country)"
    return f"""
        select
            source_system,
            record_id,
            nullif({name}, '') as name,
            nullif({address}, '') as address,
            array_to_string(list_filter([{", ".join(contacts)}], lambda c: c != ''), ', ')
                as contacts,
        from mapped
    """
