-- Step 9.5 of docs/model/matching.md: what each comparison says of those pairs.
{{ waterfalls('person', ref('int_person_explained_pairs')) }}
