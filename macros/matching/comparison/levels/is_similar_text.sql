{#- True when at most `share` of the longer text has to be edited. -#}
{% macro is_similar_text(left, right, share=0.35) %}
    {%- set most_edits = share ~ ' * greatest(length(' ~ left ~ '), length(' ~ right ~ '))' -%}
    (
        edit_distance({{ left }}, {{ right }}, max_distance => cast(floor({{ most_edits }}) as int64) + 1)
        <= {{ most_edits }}
    )
{% endmacro %}
