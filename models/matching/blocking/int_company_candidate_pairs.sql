{{ candidate_pairs(ref('int_company_blocks'), ref('int_company_random_pairs')) }}
