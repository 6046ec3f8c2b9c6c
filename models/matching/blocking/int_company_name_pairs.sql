{{ company_name_pairs(ref('int_company_candidate_pairs')) }}
