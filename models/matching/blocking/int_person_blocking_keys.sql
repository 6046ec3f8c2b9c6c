-- Step 3.1 of docs/model/matching.md: one row per record and blocking key. The rules are those of person_keys that
-- have a row in the seed person_blocking_rules. `refinement` splits a key that turns out too large.
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

features as (

    select
        * except (birth_year),
        cast(birth_year as string) as birth_year,
        substr(postcode, 1, 3) as postcode_area,
        coalesce(company_id, company_domain, company_name) as company_key,
        {{ folded_umlauts('given_name') }} as given_name_spelling,
        {{ folded_umlauts('family_name') }} as family_name_spelling,
        {{ folded_umlauts('city') }} as city_spelling,
        {{ turned_date('date_of_birth_digits') }} as date_of_birth_turned,
        {{ sorted_characters('date_of_birth_digits') }} as date_of_birth_sorted,
    from {{ ref('int_person_features') }}

),

nicknames as (

    select * from {{ ref('stg_word_lists__nicknames') }}

),

-- One row per root: a name such as Al stands for several.
with_nicknames as (

    select
        features.*,
        coalesce(nicknames.root, features.given_name) as nickname_root,
    from features
    left join nicknames on features.given_name = nicknames.name

),

-- One row per reading of the date: 03/04 may be in March or in April.
with_readings_of_dates as (

    select * from features
    where date_of_birth_digits is not null
    union all
    select * replace ({{ date_digits('date_of_birth_alternate') }} as date_of_birth_digits)
    from features
    where date_of_birth_alternate is not null

),

with_emails as (

    select
        features.*,
        email,
    from records, unnest(records.emails) as email
    inner join features on records.record_id = features.record_id

),

with_phones as (

    select
        features.*,
        phone,
    from records, unnest(records.phones) as phone
    inner join features on records.record_id = features.record_id

),

with_identifiers as (

    select
        features.*,
        identifier,
    from records, unnest(records.identifiers) as identifier
    inner join features on records.record_id = features.record_id

),

{{ keys_of_rules('person') }}

select * from final
