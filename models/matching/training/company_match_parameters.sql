-- Step 5.7 of docs/model/matching.md: the trained model.
{{ match_parameters('company', ref('int_company_em'), ref('int_company_features'))
if is_model_trained()
else stored_parameters('company', ref('stg_concord_ops__match_models')) }}
