{{ training_evidence(company_comparisons(), ref('int_company_comparison_vectors'), ref('company_blocking_rules')) }}
