-- Step 8.7 of docs/model/matching.md: the name of the trained model.
{{ model_version(ref('person_match_parameters')) }}
