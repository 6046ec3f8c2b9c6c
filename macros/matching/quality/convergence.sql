{#- One row: how the two iterations of an entity ended, and how far from settled when they reached their last round.
    Without `em` the training is that of the version which CONCORD_MODEL names, as it is kept in `models`. -#}
{% macro convergence(entity, linkage, em=none, models=none) %}
with

training as (

    {% if em is none -%}
        select
            n_training_rounds,
            is_training_settled,
            training_change,
        from {{ models }}
        where model_version = '{{ used_model_version() }}' and entity = '{{ entity }}'
    {%- else -%}
        select
            max(round) as n_training_rounds,
            logical_and(is_converged) as is_training_settled,
            max(if(parameter = 'round' and level = round, largest_change, null)) as training_change,
        from {{ em }}
    {%- endif %}

),

clustering as (

    select
        coalesce(max(round), 0) as n_clustering_rounds,
        coalesce(logical_and(is_converged), true) as is_clustering_settled,
        coalesce(max(n_merges), 0) as n_last_merges,
    from {{ linkage }}

),

final as (

    select
        '{{ entity }}' as entity,
        training.n_training_rounds,
        training.is_training_settled,
        training.training_change,
        clustering.n_clustering_rounds,
        clustering.is_clustering_settled,
        clustering.n_last_merges,
    from training
    cross join clustering

)

select * from final
{% endmacro %}
