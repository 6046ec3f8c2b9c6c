-- Step 8.7 of docs/model/matching.md: the name of the trained model.
{{ model_version(ref('company_match_parameters')) }}
