{{ identities('person') }}
