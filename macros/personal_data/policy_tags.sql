{#- The policy tag of each kind of personal data, from CONCORD_POLICY_TAGS: `email=projects/...,phone=projects/...`. -#}
{% macro policy_tags() %}
    {%- set tags = {} -%}
    {%- for pair in env_var('CONCORD_POLICY_TAGS', '').split(',') if pair.strip() -%}
        {%- set kind, _, tag = pair.strip().partition('=') -%}
        {%- if '/policyTags/' not in tag -%}
            {{ exceptions.raise_compiler_error(
                'CONCORD_POLICY_TAGS: "' ~ pair.strip()
                ~ '" is not <kind>=projects/.../taxonomies/.../policyTags/...') }}
        {%- endif -%}
        {%- do tags.update({kind.strip(): tag.strip()}) -%}
    {%- endfor -%}
    {{ return(tags) }}
{% endmacro %}
