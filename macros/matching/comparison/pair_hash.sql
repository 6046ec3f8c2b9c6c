{#- Fingerprint of all that the weight of a pair comes from but the model: the features of both records, which name the
    record, and the rules that found the pair. Takes the row `pairs` and those of the features of both sides. -#}
{% macro pair_hash(pairs, left_features, right_features) -%}
    {{ left_features }}.feature_hash ^ {{ right_features }}.feature_hash ^ {{ pairs }}.rule_mask
{%- endmacro %}
