-- What all sources give of companies, one row per record.
{{ source_records('company', ref('int_company_decoded_names')) }}
