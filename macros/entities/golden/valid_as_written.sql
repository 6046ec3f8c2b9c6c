{#- A free text of a record as its source wrote it; null when its matching form is, or stands for "not known".
    Takes the rows `records`, `source_records` and `placeholders` of a statement, where `placeholders.texts` is the
    list of all such texts. -#}
{% macro valid_as_written(column) -%}
    if(
        records.{{ column }} is null or records.{{ column }} in unnest(placeholders.texts),
        null,
        {{ text_as_written('source_records.' ~ column) }}
    )
{%- endmacro %}
