-- Step 1.6 of docs/model/matching.md: what keeps records apart, decisions and hard conflicts.
{{ cannot_links(
    'person',
    ref('int_person_decision_sides'),
    ref('int_person_copies'),
    ref('int_person_distinct_records'),
) }}
