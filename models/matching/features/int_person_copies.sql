{{ record_copies(ref('int_person_records'), ref('int_company_copies')) }}
