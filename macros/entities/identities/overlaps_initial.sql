{#- Round 0: clusters and last entities of which at least one has a choice. All others need no round. -#}
{% macro overlaps_initial(entity) %}
select
    cluster_id,
    {{ entity }}_id,
    n_shared_records,
    false as is_kept,
    0 as round,
    false as is_converged,
from {{ ref('int_' ~ entity ~ '_shared_records') }}
where is_contested
{% endmacro %}
