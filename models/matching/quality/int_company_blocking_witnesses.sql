{{ blocking_witnesses(ref('int_company_scored_pairs'), ref('company_blocking_rules')) }}
