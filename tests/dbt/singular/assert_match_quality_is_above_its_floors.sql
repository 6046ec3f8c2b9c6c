-- The latest run is not below a floor of the seed quality_floors. Few pairs prove nothing: a floor has a least number.
with

latest_runs as (

    select * from {{ ref('match_quality') }}
    qualify row_number() over (partition by entity order by run_started_at desc, invocation_id desc) = 1

),

latest_checks as (

    select * from {{ ref('plausibility_checks') }}
    qualify rank() over (partition by entity order by run_started_at desc, invocation_id desc) = 1

),

floors as (

    select * from {{ ref('quality_floors') }}

),

metrics as (
    {% for metric in ['expected_precision', 'expected_recall'] %}
        select
            entity,
            '{{ metric }}' as metric,
            {{ metric }} as value,
            n_accepted_pairs as n_pairs,
            'look at the pairs near the threshold, and at what changed: largest_weight_change and '
            || 'population_stability_index in match_quality; see docs/use/quality.md' as what_to_do,
        from latest_runs
        union all
    {% endfor %}
    {% for metric in ['labelled_precision', 'labelled_recall', 'labelled_f1'] %}
        select
            entity,
            '{{ metric }}' as metric,
            {{ metric }}_lower as value,
            n_labelled_pairs as n_pairs,
            'look at the labelled pairs that the clusters contradict, or label more pairs: '
            || 'the lower end of the interval counts; see docs/use/quality.md' as what_to_do,
        from latest_runs
        union all
    {% endfor %}
    select
        entity,
        check_name as metric,
        plausible_share as value,
        n_checked as n_pairs,
        'look at the examples in implausible_entities; see docs/use/quality.md' as what_to_do,
    from latest_checks

),

below_floor as (

    select
        metrics.entity,
        metrics.metric,
        metrics.value,
        floors.floor,
        metrics.n_pairs,
        metrics.what_to_do,
    from metrics
    inner join floors on metrics.entity = floors.entity and metrics.metric = floors.metric
    where metrics.n_pairs >= floors.min_pairs and metrics.value < floors.floor

)

select * from below_floor
