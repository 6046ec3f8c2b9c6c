{{ distinct_records(ref('int_person_records'), ref('int_person_copies')) }}
