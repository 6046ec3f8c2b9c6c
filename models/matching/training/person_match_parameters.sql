-- Step 5.5 of docs/model/matching.md: the trained model.
{{ match_parameters('person', ref('int_person_em')) }}
