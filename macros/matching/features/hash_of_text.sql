{#- 60 bits of a text's MD5, as INT64. The local engine has no fast farm_fingerprint of long texts. -#}
{% macro hash_of_text(text) -%}
    cast(concat('0x', substr(to_hex(md5({{ text }})), 1, 15)) as int64)
{%- endmacro %}
