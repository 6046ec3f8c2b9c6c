-- Step 2.1 of docs/model/matching.md: how common each value is.
{{ term_frequencies(
    'person',
    person_model(),
    ref('int_person_distinct_records'),
    names=ref('int_person_names'),
    name_columns=['given_name', 'family_name'],
    common_names=ref('stg_word_lists__common_names'),
    stored=none if is_model_trained() else ref('stg_concord_ops__match_model_frequencies'),
) }}
