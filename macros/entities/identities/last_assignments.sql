{#- One row per record that was there in the last accepted run: its entity and what it said, from its newest row of the
    ledger. It is read anew whenever the clusters are built anew, also by `--select match_thresholds+`. -#}
{% macro last_assignments(entity) %}
-- depends_on: {{ ref(entity ~ '_clusters') }}
with

ledger as (

    select * from {{ ref('stg_concord_ops__entity_ledger') }}
    where entity = '{{ entity }}'

),

newest_rows as (

    select *
    from ledger
    qualify row_number() over (partition by record_id order by happened_at desc, run_id desc) = 1

),

final as (

    select
        record_id,
        entity_id as {{ entity }}_id,
        record_hash,
        happened_at as since,
    from newest_rows
    where entity_id is not null

)

select * from final
{% endmacro %}
