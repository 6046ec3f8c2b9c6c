{#- No two rows share the values of the columns, and the first of them is known. A night asks it of published
    tables. -#}
{% test one_row_per(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as n_rows,
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {{ columns[0] }} is null

{% endtest %}
