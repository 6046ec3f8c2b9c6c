-- What the interactions say of companies, one row for each that took part in any.
{{ activity_summary('company') }}
