-- Primary contact points, current addresses and current employments are those of dim_persons, one where it has one, and no
-- value of it is lost.
with

persons as (

    select * from {{ ref('dim_persons') }}

),

contact_points as (

    select
        person_id,
        kind,
        count(*) as n_values,
        max(if(is_primary, value_as_written, null)) as primary_value,
        count(if(is_primary, 1, null)) as n_primary,
    from {{ ref('person_contact_points') }}
    group by person_id, kind

),

addresses as (

    select
        person_id,
        count(if(is_current, 1, null)) as n_current,
    from {{ ref('person_addresses') }}
    group by person_id

),

employments as (

    select
        person_id,
        count(if(is_current, 1, null)) as n_current,
        max(if(is_current, company_id, null)) as company_id,
    from {{ ref('person_employments') }}
    group by person_id

),

compared as (

    {% for kind in ['email', 'phone'] %}
        select
            coalesce(persons.person_id, contact_points.person_id) as person_id,
            '{{ kind }}' as what,
        from (select * from persons where array_length({{ kind }}s) > 0) as persons
        full outer join (select * from contact_points where kind = '{{ kind }}') as contact_points
            on persons.person_id = contact_points.person_id
        where
            contact_points.n_primary is distinct from 1
            or persons.primary_{{ kind }} is distinct from contact_points.primary_value
            or array_length(persons.{{ kind }}s) is distinct from contact_points.n_values
        union all
    {% endfor %}
    select
        coalesce(persons.person_id, addresses.person_id) as person_id,
        'address' as what,
    from (
        select * from persons
        where coalesce(street, city, region, postcode, country) is not null
    ) as persons
    full outer join addresses on persons.person_id = addresses.person_id
    where addresses.n_current is distinct from 1
    union all
    select
        coalesce(persons.person_id, employments.person_id) as person_id,
        'employment' as what,
    from (
        select * from persons
        where coalesce(company_id, company_name, job_title) is not null
    ) as persons
    full outer join employments on persons.person_id = employments.person_id
    where
        employments.n_current is distinct from 1
        or persons.company_id is distinct from employments.company_id

)

select * from compared
