-- One row per record and blocking key. A rule is one line here and one row of the seed company_blocking_rules.
-- `refinement` splits a key that turns out too large.
{% set rules = [
    ('company_name', 'joined_name', 'coalesce(postcode, city)'),
    ('name_words', 'sorted_words', 'coalesce(postcode, city)'),
    ('rare_word', 'rarest_word', 'coalesce(postcode, city)'),
    ('rare_word', 'second_rarest_word', 'coalesce(postcode, city)'),
    ('first_word_postcode', "first_word || '|' || postcode", 'rarest_word'),
    ('first_word_city', "first_word || '|' || city", 'rarest_word'),
    ('rare_word_postcode', "rarest_word || '|' || postcode", 'street'),
    ('street_postcode', "street || '|' || postcode", 'first_word'),
    ('street_city', "street || '|' || coalesce(city, 'no city')", 'first_word'),
    ('house_number_postcode', "cast(house_number as string) || '|' || postcode", 'substr(street, 1, 8)'),
    ('name_start_postcode', "substr(joined_name, 1, 4) || '|' || postcode", 'street'),
] %}
with features as (

    select * from {{ ref('int_company_features') }}

),

rules as (

    select * from {{ ref('company_blocking_rules') }}

),

keys as (

    select
        features.record_key,
        'domain' as rule,
        domain as key,
        coalesce(features.postcode, features.city) as refinement,
    from {{ ref('int_company_distinct_records') }} as records, unnest(records.domains) as domain
    inner join features on records.record_id = features.record_id
    union all
    select
        features.record_key,
        'phone' as rule,
        phone as key,
        features.first_word as refinement,
    from {{ ref('int_company_distinct_records') }} as records, unnest(records.phones) as phone
    inner join features on records.record_id = features.record_id
    union all
    select
        features.record_key,
        'identifier' as rule,
        identifier.type || ':' || identifier.value as key,
        features.first_word as refinement,
    from {{ ref('int_company_distinct_records') }} as records, unnest(records.identifiers) as identifier
    inner join features on records.record_id = features.record_id
    {% for rule, key, refinement in rules %}
        union all
        select
            record_key,
            '{{ rule }}' as rule,
            {{ key }} as key,
            {{ refinement }} as refinement,
        from features
    {% endfor %}

)

select distinct
    keys.record_key,
    features.exclusive_source,
    rules.rule_bit,
    keys.rule,
    keys.key,
    keys.refinement,
from keys
inner join rules on keys.rule = rules.rule
inner join features on keys.record_key = features.record_key
where keys.key is not null
