{{ decided_records('person') }}
