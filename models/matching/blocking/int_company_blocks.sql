{{ blocks(ref('int_company_blocking_keys'), ref('int_company_blocking_key_sizes'), ref('company_blocking_rules')) }}
