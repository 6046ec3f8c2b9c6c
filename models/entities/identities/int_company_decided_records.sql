{{ decided_records('company') }}
