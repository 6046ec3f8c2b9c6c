{#- Each pair stands once, the smaller side first; the sides of a scored pair are ordered by record id.
    A scored pair is a candidate pair, so the candidates are looked at in every nightly run. Two texts of every scored
    pair are more than such a run should read at ten million records: that part runs where the project is developed. -#}
{% test pairs_stand_once(model, entity) %}

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
