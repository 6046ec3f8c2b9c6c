-- What all sources give of companies, one row per record.
{{ source_records('company', names=['company_name']) }}
