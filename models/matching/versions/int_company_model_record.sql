{{ config(enabled=is_model_trained()) }}

-- Step 9.6 of docs/model/matching.md: what is kept of the model, so that later builds can use it.
{{ model_record(
    'company',
    ref('int_match_model_version'),
    ref('company_match_parameters'),
    ref('int_company_convergence'),
    ref('int_company_expected_quality'),
) }}
