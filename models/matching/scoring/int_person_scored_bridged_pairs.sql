-- Step 6.6 of docs/model/matching.md: the weight of bridged pairs.
{{ scored_pairs('person', ref('int_person_compared_bridged_pairs')) }}
