{#- How many of the two references of a decision anybody ever saw, as CTEs ending in `known_references` (decision_id,
    n_known): a record that is there, or a record or an entity that the ledger knows. Reads the CTE `decisions`. -#}
{% macro known_references(entity) %}
decided_references as (

    select
        decision_id,
        left_id as reference_id,
    from decisions
    union all
    select
        decision_id,
        right_id as reference_id,
    from decisions

),

known_ids as (

    select record_id as known_id from {{ ref('int_' ~ entity ~ '_records') }}
    union distinct
    select record_id as known_id from {{ ref('stg_concord_ops__entity_ledger') }}
    where entity = '{{ entity }}'
    union distinct
    select entity_id as known_id from {{ ref('stg_concord_ops__entity_ledger') }}
    where entity = '{{ entity }}'

),

known_references as (

    select
        decided_references.decision_id,
        countif(known_ids.known_id is not null) as n_known,
    from decided_references
    left join known_ids on decided_references.reference_id = known_ids.known_id
    group by decided_references.decision_id

)
{% endmacro %}
