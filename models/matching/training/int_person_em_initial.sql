{{ config(enabled=is_model_trained()) }}

-- Step 5.3 of docs/model/matching.md: round 0 of training, the defaults.
{{ em_initial('person', ref('int_person_features'), ref('int_person_training_evidence')) }}
