{{ bridged_pairs('company', ref('int_company_features'), ref('int_company_scored_blocked_pairs')) }}
