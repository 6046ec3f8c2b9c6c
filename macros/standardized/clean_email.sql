{#- The address inside a cell such as 'Ann <mailto:Ann@X.com>;', lower case; whether it is a valid one is another
    question. The first branch only spares plain addresses the work. -#}
{% macro clean_email(expression) -%}
    {%- set address -%}
        coalesce(regexp_extract(lower({{ expression }}), r'<\s*([^<>]+@[^<>]+)>'), lower({{ expression }}))
    {%- endset -%}
    case
        when
            regexp_contains({{ expression }}, r'^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9.-]+[A-Za-z]$')
            and strpos({{ expression }}, '..') = 0 then lower({{ expression }})
        else nullif(regexp_replace(regexp_replace(
            {{ address }},
            r'''^[\s"'<(\[,;:.]*(mailto:)?[\s"'<(\[]*|[\s"'>)\],;:.]+$|\p{Cf}''', ''),
            r'\.\.+', '.'
        ), '')
    end
{%- endmacro %}
