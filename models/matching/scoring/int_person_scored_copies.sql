-- Step 6.2 of docs/model/matching.md: the weight that copies have with one another.
{{ scored_pairs('person', ref('int_person_compared_copies')) }}
