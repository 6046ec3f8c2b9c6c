{{ shared_records('person') }}
