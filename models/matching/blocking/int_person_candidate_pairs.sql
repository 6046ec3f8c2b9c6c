-- Step 3.5 of docs/model/matching.md: every pair of a block, once, and the random pairs.
{{ candidate_pairs(ref('int_person_blocks'), ref('int_person_random_pairs')) }}
