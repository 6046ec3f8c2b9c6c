-- Everything a pair is blocked and compared on, one narrow row per record.
with records as (

    select * from {{ ref('int_company_distinct_records') }}

),

contact_slots as (

    select * from {{ ref('int_company_contact_slots') }}

),

term_frequencies as (

    select * from {{ ref('int_company_term_frequencies') }}

),

name_words as (

    select
        company_name,
        string_agg(word, ' ' order by word) as sorted_words,
        max(if(rarity_rank = 1, word, null)) as rarest_word,
        max(if(rarity_rank = 2, word, null)) as second_rarest_word,
    from {{ ref('int_company_name_words') }}
    group by company_name

),

joined as (

    select
        farm_fingerprint(records.record_id) as record_key,
        records.record_id,
        records.exclusive_source,
        records.n_copies,

        records.company_name,
        name_words.sorted_words,
        name_words.rarest_word,
        name_words.second_rarest_word,
        regexp_extract(records.company_name, r'^[^ ]+') as first_word,
        replace(records.company_name, ' ', '') as joined_name,
        name.frequency as company_name_frequency,

        {% for slot_name in company_contact_slots() %}
            contact_slots.{{ slot_name }},
        {% endfor %}

        records.street,
        safe_cast(regexp_extract(records.street, r'^([0-9]{1,9})[a-z]?(?: |$)') as int64) as house_number,
        regexp_extract(records.street, r'^[0-9]+[a-z]? (.{4,})$') as street_name,
        records.postcode,
        postcode.frequency as postcode_frequency,
        records.city,
        city.frequency as city_frequency,
    from records
    left join contact_slots on records.record_id = contact_slots.record_id
    left join name_words on records.company_name = name_words.company_name
    left join term_frequencies as name
        on name.attribute = 'company_name' and records.company_name = name.value
    left join term_frequencies as postcode
        on postcode.attribute = 'postcode' and records.postcode = postcode.value
    left join term_frequencies as city
        on city.attribute = 'city' and records.city = city.value

)

select * from joined
