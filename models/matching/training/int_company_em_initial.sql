{{ em_initial('company', ref('int_company_features'), ref('int_company_training_evidence')) }}
