{{ distinct_records(ref('int_company_records'), ref('int_company_copies')) }}
