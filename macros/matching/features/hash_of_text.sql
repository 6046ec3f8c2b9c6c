{#- 60 bits of a text's MD5, as INT64. The local engine computes it ten times as fast as farm_fingerprint where the text
    is long. -#}
{% macro hash_of_text(text) -%}
    cast(concat('0x', substr(to_hex(md5({{ text }})), 1, 15)) as int64)
{%- endmacro %}
