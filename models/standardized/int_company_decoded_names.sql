-- Names of companies that a mail header had encoded.
{{ decoded_names('company') }}
