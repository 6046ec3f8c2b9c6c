{#- The host of a web address, a bare domain or an e-mail address; without www, port, path. Null when it is no host
    name. -#}
{% macro web_host(expression) -%}
    {#- Ranges and not \p{L}: the local warehouse loses the group of a pattern with \p. -#}
    {%- set letter = '[a-z0-9¡-￿]' -%}
    {%- set inner = '[a-z0-9_¡-￿-]' -%}
    regexp_extract(
        regexp_replace(
            regexp_replace(lower(left({{ expression }}, 500)), r'[\s\p{Z}\p{Cf}]+', ''),
            r'^([a-z]+:)?(//|\\\\)([^/?#@]*@)?|^(mailto:)?[^/?#@:]*@', ''
        ),
        r'^(?:www[0-9]?\.)?((?:{{ letter }}(?:{{ inner }}*{{ letter }})?\.)+(?:[a-z¡-￿]{2,}|xn--[a-z0-9-]+))(?:\.?$|\.?[:/?#,;\\])'
    )
{%- endmacro %}
