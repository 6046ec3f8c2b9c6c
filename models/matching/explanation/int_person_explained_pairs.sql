-- Step 9.3 of docs/model/matching.md: the pairs that explain clusters and review cases.
{{ explained_pairs(ref('person_clusters'), ref('person_pairs'), ref('int_person_review_cases')) }}
