{#- Explanations are computed once more, by the macros of the matching. The pair has the same weight there. -#}
{% test explanations_say_what_the_matching_said(model) %}

with

explained as (

    select distinct
        entity,
        record_id_l,
        record_id_r,
        match_weight,
    from {{ model }}

),

scored as (

    {% for entity in ['person', 'company'] %}
        select
            '{{ entity }}' as entity,
            record_id_l,
            record_id_r,
            match_weight,
        from {{ ref(entity ~ '_pairs') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select explained.*
from explained
left join scored
    on
        explained.entity = scored.entity
        and explained.record_id_l = scored.record_id_l
        and explained.record_id_r = scored.record_id_r
where not coalesce(abs(explained.match_weight - scored.match_weight) <= 1e-9, false)

{% endtest %}
