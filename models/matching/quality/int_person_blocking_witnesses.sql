-- Step 8.2 of docs/model/matching.md: how many comparisons would have to fail for blocking to miss a pair.
{{ blocking_witnesses(ref('person_pairs'), ref('person_blocking_rules')) }}
