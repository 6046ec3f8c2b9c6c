-- One row per record and blocking key. A rule is one block here and one row of the seed person_blocking_rules.
-- `refinement` splits a key that turns out too large.
{% set rules = [
    ('full_name', "least(given_name, family_name) || '|' || greatest(given_name, family_name)", "coalesce(postcode, city, company_key, birth_year)"),
    ('nickname_family_start', "substr(family_name, 1, 4) || '|' || substr(nickname_root, 1, 3)", "coalesce(postcode_area, city, company_key, birth_year)"),
    ('phonetic_name_birth_year', "family_name_sound || '|' || given_name_sound || '|' || birth_year", "coalesce(postcode_area, city)"),
    ('name_start_birth_year', "substr(given_name, 1, 2) || '|' || substr(family_name, 1, 2) || '|' || birth_year", "coalesce(postcode_area, city)"),
    ('family_name_date_of_birth', "family_name || '|' || date_of_birth_digits", "substr(given_name, 1, 1)"),
    ('given_name_date_of_birth', "given_name || '|' || date_of_birth_digits", "substr(family_name, 1, 1)"),
    ('date_of_birth', "date_of_birth_digits", "substr(given_name, 1, 1)"),
    ('date_of_birth_city', "date_of_birth_digits || '|' || city", "substr(given_name, 1, 1)"),
    ('family_name_birth_year', "family_name || '|' || birth_year", "substr(given_name, 1, 1)"),
    ('family_name_city', "family_name || '|' || city", "substr(given_name, 1, 2)"),
    ('nickname_city', "nickname_root || '|' || city", "substr(family_name, 1, 2)"),
    ('postcode', "postcode", "substr(given_name, 1, 1)"),
    ('family_name_postcode_area', "family_name || '|' || postcode_area", "substr(given_name, 1, 1)"),
    ('nickname_postcode_area', "nickname_root || '|' || postcode_area", "substr(family_name, 1, 1)"),
    ('postcode_area_birth_year', "postcode_area || '|' || birth_year", "substr(given_name, 1, 1)"),
    ('postcode_area_city', "postcode_area || '|' || city", "substr(given_name, 1, 1) || substr(family_name, 1, 1)"),
    ('phonetic_name_postcode_area', "family_name_sound || '|' || substr(given_name, 1, 1) || '|' || postcode_area", "given_name_sound"),
    ('street', "street", "coalesce(postcode, city)"),
    ('family_name_company', "family_name || '|' || company_key", "substr(given_name, 1, 1)"),
    ('family_name_initial', "family_name || '|' || substr(given_name, 1, 1)", "coalesce(company_key, postcode_area, city, birth_year)"),
    ('nickname_company', "nickname_root || '|' || company_key", "substr(family_name, 1, 1)"),
] %}
with features as (

    select
        * except (birth_year),
        cast(birth_year as string) as birth_year,
        substr(postcode, 1, 3) as postcode_area,
        coalesce(company_id, company_domain, company_name) as company_key,
    from {{ ref('int_person_features') }}

),

nicknames as (

    select * from {{ ref('stg_word_lists__nicknames') }}

),

-- One row per root: a name such as Al stands for several. Roots that start alike would give the same key twice.
nicknamed as (

    select
        features.*,
        coalesce(nicknames.root, features.given_name) as nickname_root,
    from features
    left join nicknames on features.given_name = nicknames.name

),

-- One row per reading of the date: 03/04 may be in March or in April.
dated as (

    select * from features
    where date_of_birth_digits is not null
    union all
    select * replace ({{ date_digits('date_of_birth_alternate') }} as date_of_birth_digits)
    from features
    where date_of_birth_alternate is not null

),

keys as (

    select
        features.record_key,
        'email' as rule,
        email as key,
        features.family_name as refinement,
    from {{ ref('int_person_distinct_records') }} as records, unnest(records.emails) as email
    inner join features on records.record_id = features.record_id
    union all
    select
        features.record_key,
        'phone' as rule,
        phone as key,
        features.family_name as refinement,
    from {{ ref('int_person_distinct_records') }} as records, unnest(records.phones) as phone
    inner join features on records.record_id = features.record_id
    union all
    select
        features.record_key,
        'identifier' as rule,
        identifier.type || ':' || identifier.value as key,
        features.family_name as refinement,
    from {{ ref('int_person_distinct_records') }} as records, unnest(records.identifiers) as identifier
    inner join features on records.record_id = features.record_id
    union all
    select
        record_key,
        'email_local_part' as rule,
        if(length(email_local_part) >= 5 and not is_local_part_common, email_local_part, null) as key,
        family_name as refinement,
    from features
    {% for rule, key, refinement in rules %}
        union all
        select
            record_key,
            '{{ rule }}' as rule,
            {{ key }} as key,
            {{ refinement }} as refinement,
        from {{ 'nicknamed' if 'nickname_root' in key else 'dated' if 'date_of_birth_digits' in key else 'features' }}
        {% if 'nickname_root' in key %}
            group by record_key, rule, key, refinement
        {% endif %}
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
