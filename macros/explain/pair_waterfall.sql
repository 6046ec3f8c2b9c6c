{#- Statement: the waterfall of the pair that explains two references, whether the matching looked at it or not. -#}
{% macro pair_waterfall(entity) %}
with

{{ asked_pair(entity) }},

waterfall as (
    {{- waterfalls(entity, 'asked_pair') }}
)

select * from waterfall
{% endmacro %}
