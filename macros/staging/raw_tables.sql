{#- The raw tables of the enabled sources, each with its key, its sync column and the staging model it feeds. -#}
{% macro raw_tables() -%}
    {%- set crm = '_fivetran_synced' -%}
    {%- set tables = [
        {'source': 'salesforce', 'table': 'account', 'key': 'id', 'synced': crm, 'staged': 'accounts'},
        {'source': 'salesforce', 'table': 'contact', 'key': 'id', 'synced': crm, 'staged': 'contacts'},
        {'source': 'salesforce', 'table': 'lead', 'key': 'id', 'synced': crm, 'staged': 'leads'},
        {'source': 'salesforce', 'table': 'task', 'key': 'id', 'synced': crm, 'staged': 'tasks'},
        {'source': 'salesforce', 'table': 'email_message', 'key': 'id', 'synced': crm, 'staged': 'email_messages'},
        {'source': 'hubspot', 'table': 'contact', 'key': 'id', 'synced': crm, 'staged': 'contacts'},
        {'source': 'hubspot', 'table': 'company', 'key': 'id', 'synced': crm, 'staged': 'companies'},
        {'source': 'gmail', 'table': 'message', 'key': 'id', 'synced': '_synced_at', 'staged': 'messages'},
        {'source': 'gmail', 'table': 'message_participant', 'key': 'message_id', 'synced': '_synced_at', 'staged': 'participants'},
        {'source': 'dialpad', 'table': 'call', 'key': 'call_id', 'synced': '_synced_at', 'staged': 'calls'},
        {'source': 'files', 'table': 'people', 'key': 'record_id', 'synced': '_loaded_at', 'staged': 'people'},
        {'source': 'files', 'table': 'companies', 'key': 'record_id', 'synced': '_loaded_at', 'staged': 'companies'},
    ] -%}
    {{- return(tables | selectattr('source', 'in', enabled_sources()) | list) -}}
{%- endmacro %}
