{#- Folded text of letters, marks and digits with single spaces; apostrophes vanish, other signs separate words. Null
    when empty or implausibly long. -#}
{% macro plain_text(expression) -%}
    if(
        {{ is_plausible_length(expression) }},
        nullif(trim(regexp_replace(
            regexp_replace({{ fold_latin(expression) }}, r"['’‘`´ʼ\p{Cf}]", ''),
            r'[^\p{L}\p{M}\p{N}]+', ' '
        ), ' '), ''),
        null
    )
{%- endmacro %}
