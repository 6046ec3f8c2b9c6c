-- Step 0.1 of docs/model/matching.md: the records that the two sides of a decision stand for.
{{ decision_sides('person') }}
