{#- True for a clean address that mail could be sent to; quoted local parts and bare hosts are refused. -#}
{% macro is_valid_email(expression) -%}
    regexp_contains(
        {{ expression }},
        r'^[\p{L}\p{N}!#$%&\x27*/=?^_{|}~-][\p{L}\p{N}!#$%&\x27*+/=?^_{|}~.-]*@([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+([\p{L}]{2,}|xn--[a-z0-9-]+)$'
    )
    and strpos({{ expression }}, '..') = 0
    and strpos({{ expression }}, '.@') = 0
    and length({{ expression }}) <= 254
{%- endmacro %}
