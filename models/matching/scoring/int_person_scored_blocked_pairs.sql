{{ config(
    materialized='table' if is_model_trained() else 'kept',
    meta={
        'hashed': 'int_person_pair_hashes',
        'key': ['record_key_l', 'record_key_r'],
        'hash': 'pair_hash',
        'input': 'int_person_candidate_pairs',
        'through': 'int_person_compared_pairs',
        'reads': ['person_match_parameters', 'int_relations', 'int_nickname_pairs', 'person_blocking_rules'],
    },
) }}

-- What a night asks for what has changed, and what must not have changed for a weight to stay.
{{ depends_on([
    'int_person_pair_hashes', 'int_person_candidate_pairs', 'int_nickname_pairs', 'person_blocking_rules',
]) }}

-- Step 6.1 of docs/model/matching.md: the weight of every pair that blocking found.
{{ scored_pairs('person', ref('int_person_compared_pairs'), with_hash=true) }}
