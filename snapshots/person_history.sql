{% snapshot person_history %}
{{ config(unique_key='person_id', cluster_by=['person_id']) }}
{{ believed('dim_persons') }}
{% endsnapshot %}
