-- Step 2.1 of docs/model/matching.md: how common each value is.
{{ term_frequencies(
    'person',
    person_model(),
    ref('int_person_distinct_records'),
    names=ref('int_person_names'),
    name_columns=['given_name', 'family_name'],
) }}
