-- Step 2.1 of docs/model/matching.md: how common each value is.
{{ term_frequencies(
    'company',
    company_model(),
    ref('int_company_distinct_records'),
    stored=none if is_model_trained() else ref('stg_concord_ops__match_model_frequencies'),
) }}
