-- Step 8.9 of docs/model/matching.md: the trained model with its name.
{{ model_version(ref('person_match_parameters'), ref('int_match_model_version')) }}
