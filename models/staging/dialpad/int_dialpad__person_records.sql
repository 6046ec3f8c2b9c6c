with

calls as (

    select * from {{ ref('stg_dialpad__calls') }}
    where external_number is not null

),

attribute_counts as (

    select
        calls.caller_record_id,
        calls.external_number,
        attribute.name,
        attribute.value,
        count(*) as times_seen,
        max(calls.started_at) as last_seen_at,
    from calls
    cross join
        unnest([
            struct('name' as name, calls.contact_name as value),
            struct('email' as name, calls.contact_email as value),
            struct('company' as name, calls.contact_company as value)
        ]) as attribute
    group by calls.caller_record_id, calls.external_number, attribute.name, attribute.value

),

-- Dialpad repeats its address book on every call; the most frequent entry wins over old or mistyped ones.
attributes as (

    select
        *,
        max(last_seen_at) over (partition by caller_record_id) as last_called_at,
    from attribute_counts
    qualify row_number() over (
        partition by caller_record_id, name
        order by value is null, times_seen desc, last_seen_at desc, value
    ) = 1

),

callers as (

    select
        caller_record_id,
        external_number,
        max(if(name = 'name', value, null)) as contact_name,
        max(if(name = 'email', value, null)) as contact_email,
        max(if(name = 'company', value, null)) as contact_company,
        max(last_called_at) as last_called_at,
    from attributes
    group by caller_record_id, external_number

),

shaped as (

    select
        caller_record_id as record_id,
        'dialpad_caller' as source_system,
        'caller' as source_table,
        external_number as source_id,
        contact_name as full_name,
        {{ text_array('[contact_email]') }} as emails,
        [external_number] as phones,
        contact_company as company_name,
        last_called_at as updated_at,
    from callers

)

select * from shaped
