{#- True when at most `share` of the longer text has to be edited. -#}
{% macro is_similar_text(left, right, share=0.35) %}
    (
        edit_distance({{ left }}, {{ right }}) <= {{ share }} * greatest(length({{ left }}), length({{ right }}))
    )
{% endmacro %}
