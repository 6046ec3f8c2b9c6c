-- Step 5.7 of docs/model/matching.md: the trained model.
{{ match_parameters('person', ref('int_person_em'), ref('int_person_features'), ref('int_person_relation_counts'))
if is_model_trained()
else stored_parameters('person', ref('stg_concord_ops__match_models')) }}
