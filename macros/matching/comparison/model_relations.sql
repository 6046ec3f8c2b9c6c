{#- Relation -> list of the comparisons that it explains, of a model (person_model). -#}
{% macro model_relations(model) %}
    {%- set relations = {} -%}
    {%- for comparison in model | selectattr('explained_by', 'defined') -%}
        {%- for relation in comparison.explained_by -%}
            {%- do relations.setdefault(relation, []).append(comparison.name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(relations) }}
{% endmacro %}
