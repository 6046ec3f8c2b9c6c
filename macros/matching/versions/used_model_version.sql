{#- The version of the model that CONCORD_MODEL names. -#}
{% macro used_model_version() %}
    {{ return(env_var('CONCORD_MODEL', '')) }}
{% endmacro %}
