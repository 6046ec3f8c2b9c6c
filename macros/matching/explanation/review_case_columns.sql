{#- What both kinds of cases say of the pair that shows them. Its keys stand in the order of keys, its ids in the order
    of ids: the sizes go with the ids. `side_key` names a side, a cluster or a part of one. -#}
{% macro review_case_columns() -%}
    record_key_l,
        record_key_r,
        rule_mask,
        side_key_l,
        side_key_r,
        record_id_l,
        record_id_r,
        match_weight,
        border_weight,
        if(farm_fingerprint(record_id_l) = record_key_l, n_records_l, n_records_r) as n_records_l,
        if(farm_fingerprint(record_id_l) = record_key_l, n_records_r, n_records_l) as n_records_r
{%- endmacro %}
