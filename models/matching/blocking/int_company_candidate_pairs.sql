-- Step 3.5 of docs/model/matching.md: every pair of a block once, and in a build that trains the random pairs.
{{ candidate_pairs(ref('int_company_blocks'), ref('int_company_random_pairs') if is_model_trained() else none) }}
