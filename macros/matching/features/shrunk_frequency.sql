{#- SQL of how common a value is that so many of all records have, shrunk towards the default chance of agreement.
    Reads a row of default_frequencies as `defaults`. -#}
{% macro shrunk_frequency(n_records, n_all_records) -%}
    ({{ n_records }} + defaults.frequency_pseudo_records * defaults.u_probability)
    / ({{ n_all_records }} + defaults.frequency_pseudo_records)
{%- endmacro %}
