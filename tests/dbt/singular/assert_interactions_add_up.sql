-- The participants and copies of the interactions are those in their own tables; the dimensions count as these do.
with

counted as (

    select
        interaction_id,
        countif(coalesce(participant_address, participant_record_id) is not null) as n_participants,
    from {{ ref('fct_interaction_participants') }}
    group by interaction_id

),

wrong_counts as (

    select
        coalesce(interactions.interaction_id, counted.interaction_id) as id,
        'participants of an interaction' as what,
    from {{ ref('fct_interactions') }} as interactions
    full outer join counted on interactions.interaction_id = counted.interaction_id
    where interactions.n_participants is distinct from counted.n_participants

),

-- Every copy is of an interaction, and every interaction of the copies that it counts.
copies as (

    select
        interaction_id,
        count(*) as n_copies,
    from {{ ref('bridge_interaction_copies') }}
    group by interaction_id

),

wrong_copies as (

    select
        coalesce(interactions.interaction_id, copies.interaction_id) as id,
        'copies of an interaction' as what,
    from {{ ref('fct_interactions') }} as interactions
    full outer join copies on interactions.interaction_id = copies.interaction_id
    where interactions.n_copies is distinct from copies.n_copies

),

{% for entity, plural in {'person': 'persons', 'company': 'companies'}.items() %}
    {{ entity }}_activity as (

        select
            {{ entity }}_id,
            count(distinct interaction_id) as n_interactions,
        from {{ ref('fct_interaction_participants') }}
        where {{ entity }}_id is not null
        group by {{ entity }}_id

    ),

    wrong_{{ plural }} as (

        select
            dimension.{{ entity }}_id as id,
            'interactions of a {{ entity }}' as what,
        from {{ ref('dim_' ~ plural) }} as dimension
        left join {{ entity }}_activity as activity on dimension.{{ entity }}_id = activity.{{ entity }}_id
        where dimension.n_interactions is distinct from coalesce(activity.n_interactions, 0)

    ),

{% endfor %}
apart as (

    select * from wrong_counts
    union all
    select * from wrong_copies
    union all
    select * from wrong_persons
    union all
    select * from wrong_companies

)

select * from apart
