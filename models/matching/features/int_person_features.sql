-- Everything a pair is blocked and compared on, one narrow row per record.
{% set weighted_by_frequency = person_model() | selectattr('term_frequency', 'defined') | list %}
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

names as (

    select * from {{ ref('int_person_names') }}

),

contact_slots as (

    select * from {{ ref('int_person_contact_slots') }}

),

employers as (

    select * from {{ ref('int_person_employers') }}

),

term_frequencies as (

    select * from {{ ref('int_person_term_frequencies') }}

),

common_names as (

    select * from {{ ref('stg_word_lists__common_names') }}

),

-- At how many addresses each local part stands: the fewer, the more it says that two of them are one person's.
local_parts as (

    select
        regexp_extract(value, r'^([^@]+)@') as local_part,
        count(*) as n_addresses,
    from {{ ref('int_person_contact_usage') }}
    where contact_type = 'email'
    group by local_part

),

described as (

    select
        records.record_id,
        records.exclusive_source,
        records.n_copies,

        names.given_name,
        names.family_name,
        names.is_given_name_from_email,
        names.is_family_name_from_email,
        {{ latin_letters('records.middle_name') }} as middle_name,
        records.name_suffix,

        {% for slot in model_slots(person_model()) %}
            contact_slots.{{ slot }},
        {% endfor %}

        regexp_extract(contact_slots.email_1, r'^([^@]+)@') as email_local_part,
        names.is_given_name_from_email
        or names.is_family_name_from_email
        or (
            not regexp_contains(contact_slots.email_1, r'^[^@]*[0-9]')
            and (
                (
                    length(names.family_name) >= 3
                    and strpos(split(contact_slots.email_1, '@')[offset(0)], names.family_name) > 0
                )
                or (
                    length(names.given_name) >= 3
                    and strpos(split(contact_slots.email_1, '@')[offset(0)], names.given_name) > 0
                )
            )
        ) as is_local_part_of_name,
        coalesce(local_parts.n_addresses >= 4, false) as is_local_part_common,

        records.date_of_birth,
        records.date_of_birth_alternate,
        {{ date_digits('records.date_of_birth') }} as date_of_birth_digits,
        records.birth_year,
        records.birth_month,

        records.street,
        records.postcode,
        records.city,

        employers.company_id,
        records.company_domain,
        records.company_name,
        records.job_title,
    from records
    inner join names on records.record_id = names.record_id
    inner join employers on records.record_id = employers.record_id
    left join contact_slots on records.record_id = contact_slots.record_id
    left join local_parts on regexp_extract(contact_slots.email_1, r'^([^@]+)@') = local_parts.local_part

),

-- How common the values are, and how the names sound.
weighed as (

    select
        described.*,
        given_name_terms.phonetic_code as given_name_sound,
        common_names.sex as given_name_sex,
        coalesce(common_names.is_given_name, false) as is_known_given_name,
        family_name_terms.phonetic_code as family_name_sound,
        {% for comparison in weighted_by_frequency %}
            {{ comparison.name }}_terms.frequency as {{ comparison.name }}_frequency,
        {% endfor %}
    from described
    left join common_names on described.given_name = common_names.name
    {% for comparison in weighted_by_frequency %}
        left join term_frequencies as {{ comparison.name }}_terms
            on
                {{ comparison.name }}_terms.attribute = '{{ comparison.term_frequency }}'
                and cast(described.{{ comparison.term_frequency }} as string) = {{ comparison.name }}_terms.value
    {% endfor %}

),

-- A pair whose records have the same hashes as last night has the same weight, unless a model was trained.
identified as (

    select
        farm_fingerprint(record_id) as record_key,
        *,
        {{ 'cast(null as int64)' if is_model_trained() else hash_of_text('to_json_string(weighed)') }} as feature_hash,
    from weighed

)

select * from identified
