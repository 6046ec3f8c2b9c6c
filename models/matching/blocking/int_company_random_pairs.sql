{{ config(enabled=is_model_trained()) }}

-- Step 3.4 of docs/model/matching.md: a sample of all possible pairs.
{{ random_pairs('company', ref('int_company_features')) }}
