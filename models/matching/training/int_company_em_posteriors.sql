{{ config(enabled=is_model_trained()) }}

-- Step 5.4 of docs/model/matching.md: what each pair is likely to be, by the defaults.
{{ em_posteriors('company', ref('int_company_em_initial'), ref('int_company_training_evidence')) }}
