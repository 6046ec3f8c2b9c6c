-- Names of people that a mail header had encoded.
{{ decoded_names('person') }}
