-- The latest run beside the one before: what moved in the model, and in the weights it gives.
with

histogram as (

    select * from {{ ref('match_weight_histogram') }}

),

parameters as (

    select * from {{ ref('match_model_parameters') }}

),

runs as (

    select distinct
        entity,
        invocation_id,
        run_started_at,
        model_version,
    from histogram

),

consecutive_runs as (

    select
        entity,
        invocation_id,
        model_version,
        lag(invocation_id) over (partition by entity order by run_started_at, invocation_id) as previous_invocation_id,
        lag(model_version) over (partition by entity order by run_started_at, invocation_id) as previous_model_version,
    from runs
    qualify row_number() over (partition by entity order by run_started_at desc, invocation_id desc) = 1

),

bins as (

    select
        histogram.entity,
        histogram.bin_from,
        sum(if(histogram.invocation_id = runs.invocation_id, histogram.n_pairs, 0)) as n_pairs,
        sum(if(histogram.invocation_id = runs.previous_invocation_id, histogram.n_pairs, 0)) as n_previous_pairs,
    from histogram
    inner join consecutive_runs as runs on histogram.entity = runs.entity
    where histogram.invocation_id in (runs.invocation_id, runs.previous_invocation_id)
    group by histogram.entity, histogram.bin_from

),

-- Half a pair more in each bin: an empty bin has no logarithm.
shares as (

    select
        entity,
        (n_pairs + 0.5) / sum(n_pairs + 0.5) over (partition by entity) as share,
        (n_previous_pairs + 0.5) / sum(n_previous_pairs + 0.5) over (partition by entity) as previous_share,
    from bins

),

stability as (

    select
        entity,
        sum((share - previous_share) * ln(share / previous_share)) as population_stability_index,
    from shares
    group by entity

),

weight_changes as (

    select
        runs.entity,
        max(abs(latest.match_weight - previous.match_weight)) as largest_weight_change,
        sum(latest.m_probability * abs(latest.match_weight - previous.match_weight))
        / sum(latest.m_probability) as mean_weight_change,
    from consecutive_runs as runs
    inner join parameters as latest
        on runs.entity = latest.entity and runs.model_version = latest.model_version
    inner join parameters as previous
        on
            runs.entity = previous.entity
            and runs.previous_model_version = previous.model_version
            and latest.comparison = previous.comparison
            and latest.level = previous.level
    where not starts_with(latest.comparison, 'prior')
    group by runs.entity

),

final as (

    select
        runs.entity,
        runs.previous_invocation_id,
        runs.previous_model_version,
        round(changes.largest_weight_change, 6) as largest_weight_change,
        round(changes.mean_weight_change, 6) as mean_weight_change,
        if(
            runs.previous_invocation_id is null, null, round(stability.population_stability_index, 6)
        ) as population_stability_index,
    from consecutive_runs as runs
    left join stability on runs.entity = stability.entity
    left join weight_changes as changes on runs.entity = changes.entity

)

select * from final
