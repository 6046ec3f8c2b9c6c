-- The newest value of each figure beside the 30 before: how far it is from their median, in robust standard deviations.
{{ config(materialized='view') }}
with

observations as (

    select * from {{ ref('int_run_observations') }}

),

thresholds as (

    select * from {{ ref('anomaly_thresholds') }}

),

aged as (

    select
        *,
        row_number() over (partition by metric, scope order by observed_at desc, observation_id desc) as age,
    from observations

),

-- What the newest run did not measure, a source that was switched off for example, is not judged.
newest as (

    select * from aged
    where true
    qualify age = 1 and observed_at = max(observed_at) over (partition by metric)

),

earlier as (

    select
        metric,
        scope,
        value,
        percentile_cont(value, 0.5) over (partition by metric, scope) as usual_value,
    from aged
    where age between 2 and 31

),

deviations as (

    select
        *,
        percentile_cont(abs(value - usual_value), 0.5) over (partition by metric, scope) as usual_deviation,
    from earlier

),

usual as (

    select
        metric,
        scope,
        count(*) as n_earlier_runs,
        max(usual_value) as usual_value,
        max(usual_deviation) as usual_deviation,
    from deviations
    group by metric, scope

),

-- Where nothing ever varies, a hundredth of the value counts as usual: no division by zero, no alarm about one row.
scored as (

    select
        newest.* except (age),
        usual.n_earlier_runs,
        usual.usual_value,
        usual.usual_deviation,
        newest.value - usual.usual_value as change,
        0.6745 * (newest.value - usual.usual_value)
        / greatest(usual.usual_deviation, 0.01 * abs(usual.usual_value), 0.000001) as score,
    from newest
    inner join usual on newest.metric = usual.metric and newest.scope = usual.scope

),

judged as (

    select
        scored.metric,
        scored.scope,
        scored.observation_id,
        scored.observed_at,
        scored.n_earlier_runs,
        scored.value,
        scored.usual_value,
        scored.usual_deviation,
        round(scored.score, 2) as score,
        scored.n_earlier_runs >= thresholds.min_runs
        and abs(scored.score) > thresholds.max_score
        and abs(scored.change) >= thresholds.min_change
        and abs(scored.change) >= thresholds.min_relative_change * abs(scored.usual_value)
        and (thresholds.direction = 'both' or (thresholds.direction = 'up') = (scored.change > 0)) as is_anomalous,
        thresholds.severity,
        thresholds.what_to_do,
    from scored
    inner join thresholds on scored.metric = thresholds.metric and thresholds.scope in (scored.scope, '*')
    where true
    qualify row_number() over (partition by scored.metric, scored.scope order by thresholds.scope = '*') = 1

)

select * from judged
