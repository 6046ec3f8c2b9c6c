with

companies as (

    select * from {{ ref('stg_files__companies') }}

),

shaped as (

    select
        record_id,
        source_system,
        'companies' as source_table,
        source_id,
        -- The legal form may come in a column of its own; the name with it is what a reader would have found.
        if(
            legal_suffix is null or ends_with(lower(company_name), lower(legal_suffix)),
            company_name,
            array_to_string([company_name, legal_suffix], ' ')
        ) as company_name,
        domains,
        emails,
        phones,
        street,
        city,
        region,
        postcode,
        country,
        identifiers,
        is_source_duplicate_free,
        updated_at,
    from companies

)

select * from shaped
