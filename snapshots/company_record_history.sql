{% snapshot company_record_history %}
{{ config(unique_key='record_id', cluster_by=['record_id'], check_cols=['company_id']) }}
select
    record_id,
    company_id,
from {{ published('bridge_company_records') }}
{% endsnapshot %}
