{#- No two rows share the values of the columns. For pull requests and laptops: docs/develop/tests.md. -#}
{% test unique_combination(model, columns) %}

{{ config(tags=['development']) }}

select
    {{ columns | join(', ') }},
    count(*) as n_rows,
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
