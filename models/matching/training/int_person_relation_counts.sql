{{ config(enabled=is_model_trained()) }}

-- Step 5.6 of docs/model/matching.md: how many pairs of records agree as related people do and are called differently,
-- counted among all records, for blocking finds only those related pairs that look like matches.
{% set largest = training_constants().counted_partners -%}
with

features as (

    select * from {{ ref('int_person_features') }}

),

sightings as (
    {% for relation, counted in counted_relations().items() %}
        select
            '{{ relation }}' as relation,
            {{ counted.shared[0].column }} as shared_value,
            {{ counted.shared[1].column }} as other_shared_value,
            {{ counted.telling.column }} as telling_value,
        from features
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

-- An initial differs from every name in full.
known as (

    select
        relation,
        shared_value,
        other_shared_value,
        telling_value,
        count(*) as n_records,
    from sightings
    where shared_value is not null and other_shared_value is not null and length(telling_value) > 1
    group by relation, shared_value, other_shared_value, telling_value

),

sharing as (

    select
        relation,
        n_records,
        sum(n_records) over (partition by relation, shared_value, other_shared_value) as n_sharing,
    from known

),

final as (

    select
        relation,
        cast(sum(n_records) as int64) as n_records,
        cast(sum(n_records * least(n_sharing - n_records, {{ largest }})) as float64) / 2 as n_pairs,
    from sharing
    group by relation

)

select * from final
