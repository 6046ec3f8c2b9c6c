-- What all sources give of people, one row per record.
{{ source_records('person', names=['given_name', 'middle_name', 'family_name', 'full_name', 'company_name']) }}
