{{ assignments('person') }}
