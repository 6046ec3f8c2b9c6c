{#- List of the columns that hold contact points and identifiers, of all comparisons of a model (person_model): all
    `slots`, or those that `identifies` names. -#}
{% macro model_slots(model, key='slots') %}
    {{ return(model | selectattr(key, 'defined') | sum(attribute=key, start=[])) }}
{% endmacro %}
