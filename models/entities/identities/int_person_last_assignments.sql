{{ last_assignments('person') }}
