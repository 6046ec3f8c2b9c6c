{#- True when one street is written in Latin letters and the other in another script; what house numbers are written
    in says nothing. -#}
{% macro is_street_in_other_script(left, right) -%}
    {%- set digits = "'0123456789 /-'" -%}
    {{ is_other_script("ltrim(" ~ left ~ ", " ~ digits ~ ")", "ltrim(" ~ right ~ ", " ~ digits ~ ")") }}
{%- endmacro %}
