-- Step 6.1 of docs/model/matching.md: the weight of every pair that blocking found.
{{ scored_pairs('person', ref('int_person_compared_pairs')) }}
