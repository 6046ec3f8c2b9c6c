{#- True when two names are similar texts. In a script of syllables another character is another name, so it takes four
    of them. Names are folded to a-z where they can be, and texts compare by code point: '{' stands behind the z. -#}
{% macro is_similar_name(left, right) %}
    (
        ({{ left }} < '{' or least(length({{ left }}), length({{ right }})) >= 4)
        and {{ is_similar_text(left, right) }}
    )
{% endmacro %}
