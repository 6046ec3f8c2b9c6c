{#- List of the columns that hold contact points and identifiers, of all comparisons of a model (person_model). -#}
{% macro model_slots(model) %}
    {{ return(model | selectattr('slots', 'defined') | sum(attribute='slots', start=[])) }}
{% endmacro %}
