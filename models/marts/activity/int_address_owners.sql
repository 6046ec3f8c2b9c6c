with

records as (

    select * from {{ ref('int_person_records') }}

),

assignments as (

    select * from {{ ref('person_assignments') }}

),

addresses as (

    select
        assignments.person_id,
        address,
    from records
    inner join assignments
        on records.record_id = assignments.record_id
    cross join unnest(array_concat(records.emails, records.phones)) as address

),

owners as (

    select
        address,
        min(person_id) as person_id,
        count(distinct person_id) as n_persons,
    from addresses
    group by address

)

select * from owners
