{{ training_evidence(company_model(), ref('int_company_comparison_vectors'), ref('company_blocking_rules')) }}
