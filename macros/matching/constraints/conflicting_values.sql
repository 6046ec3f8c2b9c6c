{#- The values of records by which hard conflicts that are on keep them apart, as CTEs ending in `conflicting_values`
    (record_id, constraint_name, constraint_value, tolerance). Reads the CTEs `records` and `hard_conflicts`. -#}
{% macro conflicting_values(entity) %}
unique_identifier_values as (

    select
        records.record_id,
        'unique_identifier:' || identifier.type as constraint_name,
        identifier.value as constraint_value,
        cast(null as int64) as tolerance,
    from records, unnest(records.identifiers) as identifier
    inner join {{ ref('unique_identifiers') }} as unique_identifiers
        on identifier.type = unique_identifiers.identifier_type
    inner join hard_conflicts on hard_conflicts.conflict = 'unique_identifier'
    where unique_identifiers.entity = '{{ entity }}'

),

{% if entity == 'person' %}
-- Jr and II are used for one another.
name_suffixes as (

    select
        records.record_id,
        hard_conflicts.conflict as constraint_name,
        if(records.name_suffix = 'ii', 'jr', records.name_suffix) as constraint_value,
        cast(null as int64) as tolerance,
    from records
    inner join hard_conflicts on hard_conflicts.conflict = 'name_suffix'
    where records.name_suffix is not null

),

-- Days, so that years apart are a difference. A date that can be read in two ways is no evidence.
birth_dates as (

    select
        records.record_id,
        hard_conflicts.conflict as constraint_name,
        cast(unix_date(records.date_of_birth) as string) as constraint_value,
        cast(floor(hard_conflicts.tolerance_years * 365.25) as int64) as tolerance,
    from records
    inner join hard_conflicts on hard_conflicts.conflict = 'birth_date'
    where records.date_of_birth is not null and records.date_of_birth_alternate is null

),
{% endif %}

conflicting_values as (

    select * from unique_identifier_values
    {% if entity == 'person' %}
        union all
        select * from name_suffixes
        union all
        select * from birth_dates
    {% endif %}

)
{% endmacro %}
