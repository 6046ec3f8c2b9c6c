{{ blocking_witnesses(ref('person_pairs'), ref('person_blocking_rules')) }}
