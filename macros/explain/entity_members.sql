{#- Statement, one row per record of an entity: what it says, its strongest pair with another record of the entity, the
    record that its source links it to, and its side of the weakest bridge. -#}
{% macro entity_members(entity) %}
with

members as (

    select
        clusters.record_id,
        clusters.distinct_record_id,
        clusters.distinct_record_key as record_key,
        clusters.cluster_key,
    from {{ ref(entity ~ '_clusters') }} as clusters
    inner join {{ ref(entity ~ '_assignments') }} as assignments on clusters.record_id = assignments.record_id
    where assignments.{{ entity }}_id = {{ fill_in('entity_id') }}

),

distinct_members as (

    select * from members
    where record_id = distinct_record_id

),

pairs as (

    select
        pairs.match_weight,
        l.record_id as record_id_l,
        r.record_id as record_id_r,
    from {{ ref(entity ~ '_pairs') }} as pairs
    inner join distinct_members as l on pairs.record_key_l = l.record_key
    inner join distinct_members as r on pairs.record_key_r = r.record_key

),

strongest_pairs as (

    select
        record_id,
        array_agg(
            struct(other_record_id as record_id, match_weight as match_weight)
            order by match_weight desc, other_record_id
            limit 1
        )[offset(0)] as strongest,
    from (
        select
            record_id_l as record_id,
            record_id_r as other_record_id,
            match_weight,
        from pairs
        union all
        select
            record_id_r as record_id,
            record_id_l as other_record_id,
            match_weight,
        from pairs
    )
    group by record_id

),

links as (

    select
        sides.record_key,
        min(members.record_id) as linked_record_id,
    from (
        select
            cluster_key as record_key,
            other_cluster_key as other_key,
        from {{ ref('int_' ~ entity ~ '_linkage_initial') }}
        where row_type = 'edge' and n_hard_links > 0
        union all
        select
            other_cluster_key as record_key,
            cluster_key as other_key,
        from {{ ref('int_' ~ entity ~ '_linkage_initial') }}
        where row_type = 'edge' and n_hard_links > 0
    ) as sides
    inner join members on sides.other_key = members.record_key
    group by sides.record_key

),

linkage as (

    select
        record_key,
        part_key,
        bridge_weight,
    from {{ ref('int_' ~ entity ~ '_linkage') }}
    where row_type = 'member'

),

final as (

    select
        members.record_id,
        records.source_system,
        records.updated_at,
        texts.record_name,
        texts.record_address,
        texts.record_contacts,
        nullif(members.distinct_record_id, members.record_id) as same_as_record_id,
        strongest_pairs.strongest.record_id as strongest_record_id,
        strongest_pairs.strongest.match_weight as strongest_weight,
        links.linked_record_id,
        linkage.part_key,
        linkage.bridge_weight,
    from members
    inner join {{ ref('int_' ~ entity ~ '_records') }} as records on members.record_id = records.record_id
    inner join {{ ref('int_record_texts') }} as texts
        on members.record_id = texts.record_id and texts.entity = '{{ entity }}'
    left join strongest_pairs on members.distinct_record_id = strongest_pairs.record_id
    left join links on members.record_key = links.record_key
    left join linkage on members.record_key = linkage.record_key

)

select * from final
{% endmacro %}
