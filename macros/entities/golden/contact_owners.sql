{#- How many entities have each contact value, as CTEs ending in `owners` (field, matching_value, n_owners), with
    `contact_usage`, what the matching knew of the value. -#}
{% macro contact_owners(entity) %}
contact_values as (

    select * from {{ ref('int_' ~ entity ~ '_contact_values') }}

),

assignments as (

    select * from {{ ref(entity ~ '_assignments') }}

),

contact_usage as (

    select * from {{ ref('int_' ~ entity ~ '_contact_usage') }}

),

owners as (

    select
        contact_values.field,
        contact_values.matching_value,
        count(distinct assignments.{{ entity }}_id) as n_owners,
    from contact_values
    inner join assignments on contact_values.record_id = assignments.record_id
    group by contact_values.field, contact_values.matching_value

)
{% endmacro %}
