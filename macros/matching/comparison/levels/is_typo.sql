{#- True when two different texts are one slip apart: one edit, or two (a transposition counts as two) in a long text.
    Texts are ASCII or short; edit_distance is Levenshtein. -#}
{% macro is_typo(left, right, long_from=6, shortest=3) %}
    (
        least(length({{ left }}), length({{ right }})) >= {{ shortest }}
        and abs(length({{ left }}) - length({{ right }})) <= 2
        and edit_distance({{ left }}, {{ right }}, max_distance => 3)
        <= if(least(length({{ left }}), length({{ right }})) >= {{ long_from }}, 2, 1)
    )
{% endmacro %}
