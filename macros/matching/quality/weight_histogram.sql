{#- Query: how many scored pairs have a match weight from `bin_from` up to 2 bits more. The outermost bins hold all
    weights beyond them. -#}
{% macro weight_histogram(entity, scored_pairs) %}
select
    '{{ entity }}' as entity,
    cast(round(2 * floor(greatest(least(match_weight, 40), -40) / 2)) as int64) as bin_from,
    count(*) as n_pairs,
from {{ scored_pairs }}
group by bin_from
{% endmacro %}
