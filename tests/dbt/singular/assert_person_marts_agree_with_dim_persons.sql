-- Primary contact points, current addresses and current employments are those of dim_persons, one where it has one, and
-- no value of it is lost.
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

{% for kind in ['email', 'phone'] %}
    {{ kind }}_holders as (

        select * from persons
        where array_length({{ kind }}s) > 0

    ),

    {{ kind }}_points as (

        select * from contact_points
        where kind = '{{ kind }}'

    ),

{% endfor %}
residents as (

    select * from persons
    where coalesce(street, city, region, postcode, country) is not null

),

employees as (

    select * from persons
    where coalesce(company_id, company_name, job_title) is not null

),

compared as (

    {% for kind in ['email', 'phone'] %}
        select
            coalesce(holders.person_id, points.person_id) as person_id,
            '{{ kind }}' as what,
        from {{ kind }}_holders as holders
        full outer join {{ kind }}_points as points
            on holders.person_id = points.person_id
        where
            points.n_primary is distinct from 1
            or holders.primary_{{ kind }} is distinct from points.primary_value
            or array_length(holders.{{ kind }}s) is distinct from points.n_values
        union all
    {% endfor %}
    select
        coalesce(residents.person_id, addresses.person_id) as person_id,
        'address' as what,
    from residents
    full outer join addresses on residents.person_id = addresses.person_id
    where addresses.n_current is distinct from 1
    union all
    select
        coalesce(employees.person_id, employments.person_id) as person_id,
        'employment' as what,
    from employees
    full outer join employments on employees.person_id = employments.person_id
    where
        employments.n_current is distinct from 1
        or employees.company_id is distinct from employments.company_id

)

select * from compared
