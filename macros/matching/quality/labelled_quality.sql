{#- One row: how far the clusters agree with pairs that somebody has judged, with 95 % intervals. F1 follows from the
    share of right pairs among all that are joined or should be (F-star, Hand, Christen and Kirielle 2021, "F*: an
    interpretable transformation of the F-measure"): F1 = 2F*/(1 + F*), and so do the ends of its interval.
    Decisions are labels as well, apart from the others: they were not drawn at random, so they have no interval, and
    they bind the clusters, so that it is the weights of their two sides that are measured by them. -#}
{% macro labelled_quality(entity, clusters, labelled_pairs, decision_outcomes) %}
with

clusters as (

    select
        record_id,
        cluster_id,
    from {{ clusters }}

),

-- Judgements about pairs that were drawn at random.
labels as (

    select
        record_id_l,
        record_id_r,
        is_match,
    from {{ labelled_pairs }}
    where entity = '{{ entity }}'

),

judged as (

    select
        labels.is_match,
        l.cluster_id is not null and r.cluster_id is not null as is_known,
        l.cluster_id = r.cluster_id as is_joined,
    from labels
    left join clusters as l on labels.record_id_l = l.record_id
    left join clusters as r on labels.record_id_r = r.record_id

),

decided as (

    select
        count(*) as n_decided_pairs,
        countif(verdict = 'same' and is_match_by_weight) as n_decided_right,
        countif(verdict = 'different' and is_match_by_weight) as n_decided_wrong,
        countif(verdict = 'same' and not is_match_by_weight) as n_decided_missed,
    from {{ decision_outcomes }}
    where state in ('applied', 'redundant') and verdict != 'unsure'

),

counted as (

    select
        countif(is_known) as n_labelled_pairs,
        countif(not is_known) as n_labels_without_record,
        countif(is_known and is_joined and is_match) as n_right,
        countif(is_known and is_joined and not is_match) as n_wrong,
        countif(is_known and not is_joined and is_match) as n_missed,
    from judged

),

measured as (

    select
        n_labelled_pairs,
        n_labels_without_record,
        n_right / nullif(n_right + n_wrong, 0) as labelled_precision,
        {{ wilson_bound('n_right', '(n_right + n_wrong)', 'lower') }} as labelled_precision_lower,
        {{ wilson_bound('n_right', '(n_right + n_wrong)', 'upper') }} as labelled_precision_upper,
        n_right / nullif(n_right + n_missed, 0) as labelled_recall,
        {{ wilson_bound('n_right', '(n_right + n_missed)', 'lower') }} as labelled_recall_lower,
        {{ wilson_bound('n_right', '(n_right + n_missed)', 'upper') }} as labelled_recall_upper,
        n_right / nullif(n_right + n_wrong + n_missed, 0) as f_star,
        {{ wilson_bound('n_right', '(n_right + n_wrong + n_missed)', 'lower') }} as f_star_lower,
        {{ wilson_bound('n_right', '(n_right + n_wrong + n_missed)', 'upper') }} as f_star_upper,
    from counted

),

-- Six digits are more than the labels can tell.
final as (

    select
        '{{ entity }}' as entity,
        cast(n_labelled_pairs as int64) as n_labelled_pairs,
        cast(n_labels_without_record as int64) as n_labels_without_record,
        {%- for metric in ['labelled_precision', 'labelled_recall'] %}
            round({{ metric }}, 6) as {{ metric }},
            round({{ metric }}_lower, 6) as {{ metric }}_lower,
            round({{ metric }}_upper, 6) as {{ metric }}_upper,
        {%- endfor %}
        {%- for end in ['', '_lower', '_upper'] %}
            round(2 * f_star{{ end }} / (1 + f_star{{ end }}), 6) as labelled_f1{{ end }},
        {%- endfor %}
        decided.n_decided_pairs,
        round(n_decided_right / nullif(n_decided_right + n_decided_wrong, 0), 6) as decided_precision,
        round(n_decided_right / nullif(n_decided_right + n_decided_missed, 0), 6) as decided_recall,
        round(
            2 * n_decided_right / nullif(2 * n_decided_right + n_decided_wrong + n_decided_missed, 0), 6
        ) as decided_f1,
    from measured
    cross join decided

)

select * from final
{% endmacro %}
