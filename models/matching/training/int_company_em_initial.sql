{{ config(enabled=is_model_trained()) }}

-- Step 5.3 of docs/model/matching.md: round 0 of training, the defaults.
{{ em_initial('company', ref('int_company_features'), ref('int_company_training_evidence')) }}
