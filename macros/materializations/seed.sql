{#-
    A seed that is loaded when it has changed.

    dbt loads each seed in each build: a load job and one for its options. Seeds change with a commit, not with a night,
    so the table is labelled with what it was loaded from, and a seed that its label already names is left as it is.
    dbt drops the table before it loads it, and the label with it: a load that ends half way is no loaded seed. A full
    refresh loads all of them. dbt tells files above 1 MiB by their path alone; those are always loaded.
-#}
{% materialization seed, adapter='bigquery' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set loaded = adapter.get_bq_table(this) -%}
    {%- set is_loaded = loaded is not none and loaded.labels.get(seed_label()) == seed_fingerprint(model) -%}

    {%- if not is_loaded or should_full_refresh() or model.checksum.name != 'sha256' or flags.EMPTY -%}
        {%- do dbt.materialization_seed_default() -%}
        {#- After everything else: the label says that the rows are there. -#}
        {%- do label_table(target_relation, {seed_label(): seed_fingerprint(model)}) -%}
    {%- else -%}
        {%- do store_result('agate_table', response='OK') -%}
        {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
    {%- endif -%}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{% macro seed_label() %}
    {{ return('concord_seed') }}
{% endmacro %}


{#- What a seed's table comes from: its file, and what is declared of it. -#}
{% macro seed_fingerprint(model) %}
    {%- set declared = [model.description, model.columns, model.config] -%}
    {{ return(local_md5(model.checksum.checksum ~ tojson(declared, sort_keys=true))) }}
{% endmacro %}
