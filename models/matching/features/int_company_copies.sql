{{ record_copies(ref('int_company_records')) }}
