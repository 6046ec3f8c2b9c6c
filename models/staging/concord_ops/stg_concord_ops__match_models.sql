with

source as (

    select * from {{ source('concord_ops', 'match_models') }}

),

renamed as (

    select
        model_version,
        entity,
        run_id,
        trained_at,

        accept_weight,
        review_weight,
        lowest_pair_weight,

        n_training_rounds,
        is_training_settled,
        training_change,

        n_records,
        expected_precision,
        expected_recall,
        expected_f1,

        parameters,
    from source

)

select * from renamed
