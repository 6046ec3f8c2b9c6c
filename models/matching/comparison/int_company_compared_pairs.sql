{{ compared_company_pairs(ref('int_company_candidate_pairs'), ref('int_company_name_pairs')) }}
