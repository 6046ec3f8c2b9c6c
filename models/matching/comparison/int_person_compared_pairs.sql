-- Step 4.2 of docs/model/matching.md: the levels of every candidate pair.
{{ compared_person_pairs(ref('int_person_candidate_pairs')) }}
