-- Companies that the matching knows as different and related: branches.
{{ related_pairs('company') }}
