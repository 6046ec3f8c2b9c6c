{{ blocking_key_sizes(ref('int_company_blocking_keys'), ref('company_blocking_rules')) }}
