{#-
    A view that is made when it has changed.

    dbt makes each view in each build: a job that takes a second, and some models wait for a dozen of them. A view says
    nothing but what it reads, so where it says the same as before it is left as it is. A label names what it was made
    of. The statement that makes the view sets it, so a view that somebody replaces by hand has lost it.

    Hooks run and rights are compared all the same. A full refresh and --empty make all views.
-#}
{% materialization view, adapter='bigquery' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set is_view = existing is not none and existing.is_view -%}
    {%- set made = adapter.get_bq_table(this) if is_view and not should_full_refresh() and not flags.EMPTY -%}

    {%- if made and made.labels.get(view_label()) == view_fingerprint() -%}
        {{ run_hooks(pre_hooks) }}
        {% call noop_statement('main', 'UNCHANGED') %}{% endcall %}
        {%- do apply_grants(target_relation, config.get('grants'), should_revoke(existing, full_refresh_mode=true)) -%}
        {{ run_hooks(post_hooks) }}
    {%- else -%}
        {%- do bigquery__create_or_replace_view() -%}
        {%- do persist_docs(target_relation, model) -%}
    {%- endif -%}
    {%- for granted in config.get('grant_access_to') or [] -%}
        {%- do adapter.grant_access_to(this, 'view', none, granted) -%}
    {%- endfor -%}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
