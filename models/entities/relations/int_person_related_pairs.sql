-- People whom the matching knows as different and related: households.
{{ related_pairs('person') }}
