{% snapshot person_history %}
{{ config(unique_key='person_id') }}
{{ believed('dim_persons') }}
{% endsnapshot %}
