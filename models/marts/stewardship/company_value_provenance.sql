-- Where each value of a golden record comes from.
{{ value_provenance('company') }}
