-- Which address of its person each record states. One that lacks parts is the fuller one that says nothing else:
-- "Boston" is "12 Main St, Boston".
{% set parts = ['street', 'city', 'region', 'postcode', 'country'] %}
with

candidates as (

    select * from {{ ref('int_person_ranked_candidates') }}
    where field = 'address'

),

records as (

    select * from {{ ref('int_person_records') }}

),

stated as (

    select
        candidates.person_id,
        candidates.record_id,
        candidates.position,
        candidates.source_system,
        candidates.updated_at,
        {%- for part in parts %}
            records.{{ part }},
        {%- endfor %}
        concat(
            {%- for part in parts %}
                coalesce(records.{{ part }}, ''){{ ", '|', " if not loop.last }}
            {%- endfor %}
        ) as stated_address,
    from candidates
    inner join records on candidates.record_id = records.record_id

),

addresses as (

    select
        person_id,
        stated_address,
        {{ parts | join(', ') }},
        {%- for part in parts %}
            if({{ part }} is null, 0, 1){{ ' +' if not loop.last }}
        {%- endfor %} as n_parts,
        min(position) as position,
    from stated
    group by person_id, stated_address, {{ parts | join(', ') }}

),

completed as (

    select
        addresses.person_id,
        addresses.stated_address,
        coalesce(fuller.stated_address, addresses.stated_address) as address,
    from addresses
    left join addresses as fuller
        on
            addresses.person_id = fuller.person_id
            and addresses.n_parts < fuller.n_parts
            {%- for part in parts %}
                and coalesce(addresses.{{ part }}, fuller.{{ part }}, '') = coalesce(fuller.{{ part }}, '')
            {%- endfor %}
    qualify row_number() over (
        partition by addresses.person_id, addresses.stated_address
        order by fuller.n_parts desc nulls last, fuller.position, fuller.stated_address
    ) = 1

),

final as (

    select
        stated.person_id,
        stated.record_id,
        completed.address,
        stated.stated_address = completed.address as is_whole,
        stated.position,
        stated.source_system,
        stated.updated_at,
    from stated
    inner join completed
        on
            stated.person_id = completed.person_id
            and stated.stated_address = completed.stated_address

)

select * from final
