with

participants as (

    select * from {{ ref('int_interaction_participants') }}

),

interactions as (

    select * from {{ ref('int_distinct_interactions') }}

),

person_assignments as (

    select * from {{ ref('person_assignments') }}

),

company_assignments as (

    select * from {{ ref('company_assignments') }}

),

address_owners as (

    select * from {{ ref('int_address_owners') }}

),

domain_owners as (

    select
        owners.domain,
        companies.company_id,
    from {{ ref('int_company_domain_owners') }} as owners
    inner join {{ ref('int_company_identities') }} as companies
        on owners.company_id = companies.cluster_id

),

persons as (

    select * from {{ ref('int_person_golden') }}

),

-- An address that several people share names none of them.
identified as (

    select
        participants.*,
        coalesce(
            person_assignments.person_id,
            if(address_owners.n_persons = 1, address_owners.person_id, null)
        ) as person_id,
        case
            when person_assignments.person_id is not null then 'record'
            when address_owners.n_persons = 1 then 'address'
            when address_owners.n_persons > 1 then 'ambiguous'
            else 'none'
        end as person_matched_by,
    from participants
    left join person_assignments
        on participants.participant_record_id = person_assignments.record_id
    left join address_owners
        on participants.participant_address = address_owners.address

),

final as (

    select
        identified.interaction_participant_id,
        identified.interaction_id,
        interactions.source_system,
        interactions.channel,
        interactions.direction,
        interactions.occurred_at,
        identified.participant_role,
        identified.participant_name,
        identified.participant_address,
        identified.participant_record_id,
        identified.person_id,
        identified.person_matched_by,
        coalesce(company_assignments.company_id, persons.company_id, domain_owners.company_id) as company_id,
    from identified
    inner join interactions
        on identified.interaction_id = interactions.interaction_id
    left join company_assignments
        on identified.company_record_id = company_assignments.record_id
    left join persons
        on identified.person_id = persons.person_id
    left join domain_owners
        on identified.participant_domain = domain_owners.domain

)

select * from final
