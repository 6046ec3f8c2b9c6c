{#- Does this build train the model? CONCORD_MODEL is empty or `train` then; else it names the version whose
    parameters and term frequencies are used, and nothing is trained. -#}
{% macro is_model_trained() %}
    {{ return(env_var('CONCORD_MODEL', '') in ['', 'train']) }}
{% endmacro %}
