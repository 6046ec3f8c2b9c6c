{#- 60 bits of a text's MD5, as INT64. For long texts the local engine computes it ten times as fast as farm_fingerprint. -#}
{% macro hash_of_text(text) -%}
    cast(concat('0x', substr(to_hex(md5({{ text }})), 1, 15)) as int64)
{%- endmacro %}
