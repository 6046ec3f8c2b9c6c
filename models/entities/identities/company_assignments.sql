{{ assignments('company') }}
