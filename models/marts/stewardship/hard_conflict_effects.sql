with

kept_apart as (

    select
        'person' as entity,
        *
    from {{ ref('int_person_kept_apart') }}
    union all
    select
        'company' as entity,
        *
    from {{ ref('int_company_kept_apart') }}

),

-- Each decision has a row of its own in decision_audit.
named as (

    select
        *,
        split(constraint_name, ':')[safe_offset(0)] as kept_apart_by,
        if(
            starts_with(constraint_name, 'decision:'), null, split(constraint_name, ':')[safe_offset(1)]
        ) as detail,
    from kept_apart

),

final as (

    select
        entity,
        kept_apart_by,
        detail,
        count(*) as n_cluster_pairs,
        countif(n_hard_links > 0) as n_linked_cluster_pairs,
        cast(sum(n_records_l * n_records_r) as int64) as n_record_pairs,
        max(mean_weight) as greatest_weight,
    from named
    group by entity, kept_apart_by, detail

)

select * from final
