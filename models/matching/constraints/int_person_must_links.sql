-- Step 1.5 of docs/model/matching.md: the records that decisions bind together.
{{ must_links(
    'person',
    ref('int_person_bound_records'),
    ref('int_person_decision_sides'),
    ref('int_person_copies'),
) }}
