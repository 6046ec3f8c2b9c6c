-- What the interactions say of people, one row for each that took part in any.
{{ activity_summary('person') }}
