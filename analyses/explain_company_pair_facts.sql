{{ config(group='matching') }}

-- What the matching knows of two companies beside the weights: their clusters, what decided, and what forbids.
{{ pair_facts('company') }}
