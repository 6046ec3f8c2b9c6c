{#- Numbers of the expected quality that are the same for every entity and every data set.
    weight_error             So many bits a whole band of weights was off, in either direction, on data whose truth is
                             known: a range goes this far.
    least_share              A number of witnesses counts when at least this share of the expected matches has it.
    range_per_witness        An estimate whose range is wider than this for each witness is none. -#}
{% macro quality_constants() %}
    {{ return({
        'weight_error': 2,
        'least_share': 0.05,
        'range_per_witness': 0.125,
    }) }}
{% endmacro %}
