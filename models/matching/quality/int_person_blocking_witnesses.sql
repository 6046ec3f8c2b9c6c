{{ blocking_witnesses(ref('int_person_scored_pairs'), ref('person_blocking_rules')) }}
