-- Step 5.5 of docs/model/matching.md: the trained model.
{{ match_parameters('company', ref('int_company_em')) }}
