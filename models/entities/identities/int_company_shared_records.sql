{{ shared_records('company') }}
