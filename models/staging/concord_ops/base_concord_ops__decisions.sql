-- Everything that was decided, with the reason for which a row cannot be used, if any.
with

decision_rows as (

    select * from {{ ref('base_concord_ops__decision_rows') }}

),

trimmed as (

    select
        {{ text_or_null('decision_id') }} as decision_id,
        lower({{ text_or_null('entity') }}) as entity,
        {{ text_or_null('left_id') }} as left_id,
        {{ text_or_null('right_id') }} as right_id,
        lower({{ text_or_null('verdict') }}) as verdict,
        {{ text_or_null('decided_by') }} as decided_by,
        {{ text_or_null('decided_at_text') }} as decided_at_text,
        decided_at,
        {{ text_or_null('reason') }} as reason,
        origin,
    from decision_rows

),

-- The same decision in both places, or twice in one, is one.
distinct_rows as (

    select
        coalesce(
            decision_id,
            'dec_' || substr(
                to_hex(
                    sha256(
                        to_json_string(
                            struct(
                                entity as entity,
                                left_id as left_id,
                                right_id as right_id,
                                verdict as verdict,
                                decided_by as decided_by,
                                decided_at_text as decided_at
                            )
                        )
                    )
                ), 1, 16
            )
        ) as decision_id,
        entity,
        left_id,
        right_id,
        verdict,
        decided_by,
        decided_at,
        reason,
        decided_at_text,
        min(origin) as origin,
    from trimmed
    group by decision_id, entity, left_id, right_id, verdict, decided_by, decided_at, reason, decided_at_text

),

checked as (

    select
        *,
        case
            when coalesce(entity not in ('person', 'company'), true) then 'unknown_entity'
            when left_id is null or right_id is null then 'missing_reference'
            when left_id = right_id then 'same_reference'
            when coalesce(verdict not in ('same', 'different', 'unsure'), true) then 'unknown_verdict'
            when decided_at_text is null then 'missing_time'
            when decided_at is null then 'unreadable_time'
            when {{ is_in_future('decided_at') }} then 'decided_in_future'
        end as row_problem,
    from distinct_rows

),

classified as (

    select
        * except (row_problem, decided_at_text),
        -- Of usable rows with one name the newest is the decision.
        coalesce(
            row_problem,
            if(
                row_number() over (
                    partition by decision_id, row_problem
                    order by decided_at desc, entity, left_id, right_id, verdict, decided_by, reason
                ) > 1,
                'duplicate_id',
                null
            )
        ) as quarantine_reason,
    from checked

)

select * from classified
