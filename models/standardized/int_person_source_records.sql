-- What all sources give of people, one row per record.
{{ source_records('person', ref('int_person_decoded_names')) }}
