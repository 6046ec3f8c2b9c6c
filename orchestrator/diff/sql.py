"""The queries that compare two states of ids. What they return is small at any size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.diff.states import State

# Of an example.
MOST_IDS: Final = 10
# One row per record of two states, with its id before and after.
COMPARED: Final = """compared as (
            select
                coalesce(state_before.entity, state_after.entity) as entity,
                coalesce(state_before.record_id, state_after.record_id) as record_id,
                state_before.entity_id as id_before,
                state_after.entity_id as id_after,
            from state_before
            full outer join state_after
                on state_before.entity = state_after.entity
                and state_before.record_id = state_after.record_id
        )"""


def states_sql(ledger: str, waiting: Sequence[str], before: State, after: State) -> str:
    """Return the CTEs up to `compared` for two states of the ledger."""
    return f"""
        with newest_before as (
            {_newest(ledger, waiting, before, "before")}
        ),
        newest_after as (
            {_newest(ledger, waiting, after, "after")}
        ),
        state_before as (
            select entity, record_id, entity_id from newest_before where entity_id is not null
        ),
        state_after as (
            select entity, record_id, entity_id from newest_after where entity_id is not null
        ),
        {COMPARED}
    """


def totals_sql(states: str) -> str:
    """Return the query of the sizes of both states by entity."""
    return f"""{states}
        select
            entity,
            count(distinct id_before) as entities_before,
            count(distinct id_after) as entities_after,
            count(id_before) as records_before,
            count(id_after) as records_after,
            countif(id_before != id_after) as records_changed_id,
        from compared
        group by entity
        order by entity
    """


def changes_sql(states: str, examples: int) -> str:
    """Return the query of the changes by entity and kind, each with its largest examples.

    An id that ended was merged when any of its records is still there; one that began came from a
    split when any of its records was there before. Of ids that were and are there, records moved.
    """
    return f"""{states},
        ids_before as (
            select distinct entity, id_before as id from compared where id_before is not null
        ),
        ids_after as (
            select distinct entity, id_after as id from compared where id_after is not null
        ),
        labelled as (
            select
                compared.*,
                compared.id_before is not null and ids_after.id is null as has_ended,
                compared.id_after is not null and ids_before.id is null as has_begun,
            from compared
            left join ids_after
                on compared.entity = ids_after.entity and compared.id_before = ids_after.id
            left join ids_before
                on compared.entity = ids_before.entity and compared.id_after = ids_before.id
        ),
        changes as (
            select
                entity,
                if(count(id_after) = 0, 'gone', 'merged') as kind,
                id_before as entity_id,
                {_others("id_after")} as other_ids,
                {_RECORDS},
            from labelled
            where has_ended
            group by entity, id_before
            union all
            select
                entity,
                if(count(id_before) = 0, 'new', 'split') as kind,
                id_after as entity_id,
                {_others("id_before")} as other_ids,
                {_RECORDS},
            from labelled
            where has_begun
            group by entity, id_after
            union all
            select
                entity,
                'moved' as kind,
                id_after as entity_id,
                id_before as other_ids,
                {_RECORDS},
            from labelled
            where not has_ended and not has_begun and id_before != id_after
            group by entity, id_before, id_after
        )
        select
            entity,
            kind,
            count(*) as changes,
            sum(n_records) as records,
            array_agg(
                struct(
                    entity_id as entity_id,
                    other_ids as other_ids,
                    n_records as n_records,
                    record_ids as record_ids
                )
                order by n_records desc, entity_id, other_ids
                limit {max(examples, 1)}
            ) as examples,
        from changes
        group by entity, kind
    """


_RECORDS: Final = (
    f"count(*) as n_records, array_agg(record_id order by record_id limit {MOST_IDS}) as record_ids"
)


def _others(column: str) -> str:
    """Return ids as one text: an array could hold a null."""
    return f"string_agg(distinct {column}, ' ' order by {column} limit {MOST_IDS})"


def _newest(ledger: str, waiting: Sequence[str], state: State, name: str) -> str:
    """Return the newest row of each record up to the moment of a state."""
    columns = "entity, record_id, entity_id, happened_at, run_id"
    sign = "<=" if state.is_included else "<"
    upto = f"where happened_at {sign} @{name}" if state.upto is not None else ""
    rows = f"select {columns} from `{ledger}` {upto}"
    if state.has_waiting:
        for table in waiting:
            rows += f" union all select {columns} from `{table}`"
    return f"""
            select entity, record_id, entity_id
            from ({rows})
            where true
            qualify row_number() over (
                partition by entity, record_id order by happened_at desc, run_id desc
            ) = 1
    """
