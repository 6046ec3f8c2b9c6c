{#- The state of the clustering by what its rows are, as CTEs: `members`, `edges` and `constraints`. -#}
{% macro linkage_rows(linkage) %}
linkage as (

    select * from {{ linkage }}

),

members as (

    select * from linkage
    where row_type = 'member'

),

edges as (

    select * from linkage
    where row_type = 'edge'

),

constraints as (

    select * from linkage
    where row_type = 'constraint'

)
{% endmacro %}
