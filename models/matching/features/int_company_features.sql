-- Everything a pair is blocked and compared on, one narrow row per record.
{% set weighted_by_frequency = company_model() | selectattr('term_frequency', 'defined') | list %}
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

contact_slots as (

    select * from {{ ref('int_company_contact_slots') }}

),

-- Records that give an agent's number and street as theirs; where the firm is, they do not say.
at_agents as (

    select distinct records.record_id
    from records, unnest(records.phones) as found_phone
    inner join {{ ref('int_company_agents') }} as agents
        on found_phone = agents.phone and records.street = agents.street

),

places as (

    select
        records.record_id,
        records.street,
        records.postcode,
        records.city,
    from records
    left join at_agents on records.record_id = at_agents.record_id
    where at_agents.record_id is null

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

described as (

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

        {% for slot in model_slots(company_model()) %}
            contact_slots.{{ slot }},
        {% endfor %}

        places.street,
        safe_cast(regexp_extract(places.street, r'^([0-9]{1,9})[a-z]?(?: |$)') as int64) as house_number,
        regexp_extract(places.street, r'^[0-9]+[a-z]? (.{4,})$') as street_name,
        places.postcode,
        places.city,
    from records
    left join places on records.record_id = places.record_id
    left join contact_slots on records.record_id = contact_slots.record_id
    left join name_words on records.company_name = name_words.company_name

),

-- How common the values are.
weighed as (

    select
        described.*,
        {% for comparison in weighted_by_frequency %}
            {{ comparison.name }}_terms.frequency as {{ comparison.name }}_frequency,
        {% endfor %}
    from described
    {% for comparison in weighted_by_frequency %}
        left join term_frequencies as {{ comparison.name }}_terms
            on
                {{ comparison.name }}_terms.attribute = '{{ comparison.term_frequency }}'
                and described.{{ comparison.term_frequency }} = {{ comparison.name }}_terms.value
    {% endfor %}

)

select * from weighed
