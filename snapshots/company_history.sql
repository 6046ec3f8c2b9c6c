{% snapshot company_history %}
{{ config(unique_key='company_id', cluster_by=['company_id']) }}
{{ believed('dim_companies') }}
{% endsnapshot %}
