-- Step 3.5 of docs/model/matching.md: every pair of a block once, and in a build that trains the random pairs.
{{ candidate_pairs(ref('int_person_blocks'), ref('int_person_random_pairs') if is_model_trained() else none) }}
