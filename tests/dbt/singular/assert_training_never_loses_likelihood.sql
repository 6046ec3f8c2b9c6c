{{ config(enabled=is_model_trained()) }}

-- Once the chance model is held, no round of training explains the data worse than the round before, but for the sixth
-- digit of its sums.
with

rounds as (

    select
        'person' as entity,
        level as round,
        log_likelihood,
    from {{ ref('int_person_em') }}
    where parameter = 'round' and pair_class = 'match'
    union all
    select
        'company' as entity,
        level as round,
        log_likelihood,
    from {{ ref('int_company_em') }}
    where parameter = 'round' and pair_class = 'match'

),

steps as (

    select
        entity,
        round,
        log_likelihood,
        lag(log_likelihood) over (partition by entity order by round) as previous_log_likelihood,
    from rounds

)

select * from steps
where log_likelihood < previous_log_likelihood - 0.001 - 1e-9 * abs(previous_log_likelihood)
