{{ blocking_witnesses(ref('company_pairs'), ref('company_blocking_rules')) }}
