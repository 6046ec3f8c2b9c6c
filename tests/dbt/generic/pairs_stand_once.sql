{#- Each pair stands once, the smaller side first; the sides of a scored pair are ordered by record id.
    Two texts of every scored pair are more than a cap of bytes allows at ten million records. -#}
{% test pairs_stand_once(model, entity) %}

{{ config(tags=['development']) }}

with

candidate_pairs as (

    select
        cast(record_key_l as string) as side_l,
        cast(record_key_r as string) as side_r,
        count(*) as n_copies,
        logical_and(record_key_l < record_key_r) as is_ordered,
    from {{ model }}
    group by record_key_l, record_key_r

),

{% if target.name == 'local' %}
    scored_pairs as (

        select
            record_id_l as side_l,
            record_id_r as side_r,
            count(*) as n_copies,
            logical_and(record_id_l < record_id_r) as is_ordered,
        from {{ ref(entity ~ '_pairs') }}
        group by record_id_l, record_id_r

    ),
{% endif %}

counted_pairs as (

    select
        'candidate' as stage,
        *,
    from candidate_pairs
    {% if target.name == 'local' %}
        union all
        select
            'scored' as stage,
            *,
        from scored_pairs
    {% endif %}

)

select *
from counted_pairs
where n_copies > 1 or not is_ordered

{% endtest %}
