{#- Every entry of a word list is written as records are compared with it; one that is not has no effect, ever. -#}
{% test can_match(model, column_name, form) %}

with

compared as (

    select
        {{ column_name }} as written,
        {{ compared_form(form, column_name) }} as must_be_written,
    from {{ model }}

)

select *
from compared
where written is null or must_be_written is null or written != must_be_written

{% endtest %}
