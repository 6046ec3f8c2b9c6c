{{ identities('company') }}
