-- One row a record and blocking key. A rule is one block here and one row of the seed person_blocking_rules.
-- `refinement` splits a key that turns out too large.
{% set rules = [
    ('full_name', "least(given_name, family_name) || '|' || greatest(given_name, family_name)", 'coalesce(postcode, city, company_domain, date_of_birth_digits)'),
    ('nickname_family_name', "nickname_root || '|' || family_name", 'coalesce(postcode, city, company_domain, date_of_birth_digits)'),
    ('family_name_date_of_birth', "family_name || '|' || date_of_birth_digits", 'substr(given_name, 1, 2)'),
    ('given_name_date_of_birth', "given_name || '|' || date_of_birth_digits", 'substr(family_name, 1, 2)'),
    ('family_name_postcode', "family_name || '|' || postcode", 'substr(given_name, 1, 1)'),
    ('given_name_postcode', "given_name || '|' || postcode", 'substr(family_name, 1, 1)'),
    ('date_of_birth_postcode', "date_of_birth_digits || '|' || postcode", 'substr(given_name, 1, 1)'),
    ('date_of_birth_city', "date_of_birth_digits || '|' || city", 'substr(family_name, 1, 1)'),
    ('family_name_company', "family_name || '|' || company_key", 'substr(given_name, 1, 1)'),
    ('given_name_company', "given_name || '|' || company_key", 'substr(family_name, 1, 1)'),
    ('family_name_city', "family_name || '|' || substr(given_name, 1, 2) || '|' || city", 'given_name'),
    ('given_name_family_start_city', "given_name || '|' || substr(family_name, 1, 3) || '|' || city", 'family_name'),
    ('phonetic_name_birth_year', "family_name_sound || '|' || given_name_sound || '|' || substr(date_of_birth_digits, 1, 4)", 'coalesce(postcode, city)'),
    ('street_postcode', "street || '|' || coalesce(postcode, city)", 'substr(given_name, 1, 1)'),
    ('name_start', "substr(given_name, 1, 3) || '|' || substr(family_name, 1, 4)", 'coalesce(substr(postcode, 1, 3), city, substr(date_of_birth_digits, 1, 4))'),
    ('name_start_birth_year', "substr(given_name, 1, 2) || '|' || substr(family_name, 1, 2) || '|' || substr(date_of_birth_digits, 1, 4)", 'coalesce(substr(postcode, 1, 3), city)'),
    ('postcode_area_date_of_birth', "substr(postcode, 1, 3) || '|' || date_of_birth_digits", 'postcode'),
    ('postcode_area_given_name', "substr(postcode, 1, 3) || '|' || given_name", 'substr(family_name, 1, 2)'),
    ('postcode_area_family_name', "substr(postcode, 1, 3) || '|' || family_name", 'substr(given_name, 1, 2)'),
    ('phonetic_name_postcode_area', "family_name_sound || '|' || substr(given_name, 1, 1) || '|' || substr(postcode, 1, 3)", 'given_name_sound'),
] %}
with features as (

    select
        *,
        coalesce(company_id, company_domain, company_name) as company_key,
    from {{ ref('int_person_features') }}

),

nickname_roots as (

    select * from {{ ref('nicknames') }}

),

nicknamed as (

    select
        features.*,
        coalesce(nickname_roots.root, features.given_name) as nickname_root,
    from features
    left join nickname_roots on features.given_name = nickname_roots.name

),

keys as (

    select
        features.record_key,
        'email' as rule,
        email as key,
        features.family_name as refinement,
    from {{ ref('int_person_records') }} as records, unnest(records.emails) as email
    inner join features on records.record_id = features.record_id
    union all
    select
        features.record_key,
        'phone' as rule,
        phone as key,
        features.family_name as refinement,
    from {{ ref('int_person_records') }} as records, unnest(records.phones) as phone
    inner join features on records.record_id = features.record_id
    union all
    select
        features.record_key,
        'identifier' as rule,
        identifier.type || ':' || identifier.value as key,
        features.family_name as refinement,
    from {{ ref('int_person_records') }} as records, unnest(records.identifiers) as identifier
    inner join features on records.record_id = features.record_id
    union all
    select
        record_key,
        'email_local_part' as rule,
        regexp_extract(email_1, r'^([^@]{5,})@') as key,
        family_name as refinement,
    from features
    {% for rule, key, refinement in rules %}
        union all
        select
            record_key,
            '{{ rule }}' as rule,
            {{ key }} as key,
            {{ refinement }} as refinement,
        from {{ 'nicknamed' if 'nickname_root' in key else 'features' }}
    {% endfor %}

)

select
    keys.record_key,
    features.exclusive_source,
    rules.rule_bit,
    keys.rule,
    keys.key,
    keys.refinement,
from keys
inner join {{ ref('person_blocking_rules') }} as rules on keys.rule = rules.rule
inner join features on keys.record_key = features.record_key
where keys.key is not null
