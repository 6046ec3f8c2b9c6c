{{ last_assignments('company') }}
