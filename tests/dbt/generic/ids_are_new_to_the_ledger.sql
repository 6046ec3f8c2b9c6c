{#- An id that is given tonight was never given before. -#}
{% test ids_are_new_to_the_ledger(model, entity) %}

with

identities as (

    select * from {{ model }}
    where is_new

),

ledger as (

    select distinct entity_id
    from {{ ref('stg_concord_ops__entity_ledger') }}
    where entity = '{{ entity }}' and run_id != (select run_id from {{ ref('int_current_run') }})

)

select identities.{{ entity }}_id
from identities
inner join ledger on identities.{{ entity }}_id = ledger.entity_id

{% endtest %}
