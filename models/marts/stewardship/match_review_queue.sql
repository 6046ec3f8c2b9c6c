with

cases as (

    {% for entity in ['person', 'company'] %}
        select
            '{{ entity }}' as entity,
            cases.*,
            l.{{ entity }}_id as entity_id_l,
            r.{{ entity }}_id as entity_id_r,
        from {{ ref('int_' ~ entity ~ '_review_cases') }} as cases
        inner join {{ ref(entity ~ '_assignments') }} as l on cases.record_id_l = l.record_id
        inner join {{ ref(entity ~ '_assignments') }} as r on cases.record_id_r = r.record_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

texts as (

    select * from {{ ref('int_record_texts') }}

),

explanations as (

    select
        *,
        comparison || ' ' || label || ' ' || format('%+.1f', weight) as part,
    from {{ ref('match_explanations') }}
    where step > 0

),

evidence as (

    select
        entity,
        record_id_l,
        record_id_r,
        string_agg(if(weight > 0.05, part, null), ', ' order by weight desc, step) as evidence_for,
        string_agg(if(weight < -0.05, part, null), ', ' order by weight, step) as evidence_against,
    from explanations
    group by entity, record_id_l, record_id_r

),

ranked as (

    select
        cases.entity,
        row_number() over (
            partition by cases.entity
            order by cases.worth desc, cases.question, cases.record_id_l, cases.record_id_r
        ) as priority,
        cases.question,
        cases.entity_id_l,
        cases.entity_id_r,
        cases.record_id_l,
        cases.record_id_r,
        name_l.record_name as name_l,
        name_r.record_name as name_r,
        name_l.record_address as address_l,
        name_r.record_address as address_r,
        name_l.record_contacts as contacts_l,
        name_r.record_contacts as contacts_r,
        cases.n_records_l,
        cases.n_records_r,
        cases.n_records_moved,
        cases.match_weight,
        cases.border_weight,
        cases.worth,
        {{ review_case_in_words('cases') }} as why,
        evidence.evidence_for,
        evidence.evidence_against,
    from cases
    inner join texts as name_l on cases.entity = name_l.entity and cases.record_id_l = name_l.record_id
    inner join texts as name_r on cases.entity = name_r.entity and cases.record_id_r = name_r.record_id
    left join evidence
        on
            cases.entity = evidence.entity
            and cases.record_id_l = evidence.record_id_l
            and cases.record_id_r = evidence.record_id_r

)

select * from ranked
