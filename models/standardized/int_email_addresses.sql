with

source_emails as (

    select email as source_email
    from {{ ref('int_person_source_records') }} as source_records, unnest(source_records.emails) as email
    union distinct
    select email as source_email
    from {{ ref('int_company_source_records') }} as source_records, unnest(source_records.emails) as email

),

placeholders as (

    select * from {{ ref('stg_word_lists__email_placeholders') }}

),

free_mail_domains as (

    select * from {{ ref('stg_word_lists__free_mail_domains') }}

),

-- One cell may hold several addresses. No filter yet: one on unnested values makes the local warehouse join them twice.
separated as (

    select
        source_email,
        {{ email_as_written('address') }} as written_email,
    from source_emails, unnest(split(
        regexp_replace(left(source_email, 500), r'[\s,;|]+', ' '), ' '
    )) as address

),

cleaned as (

    select
        source_email,
        written_email,
        lower(written_email) as clean_email,
    from separated

),

checked as (

    select
        source_email,
        written_email,
        {{ is_valid_email('clean_email') }} as is_valid,
        {{ canonical_email('clean_email') }} as email,
    from cleaned

),

-- Validity is no key of the groups: a filter on a key would have each address checked twice.
canonical as (

    select
        source_email,
        email,
        logical_or(is_valid) as is_valid,
        min(if(is_valid, written_email, null)) as written_email,
    from checked
    group by source_email, email

),

split as (

    select
        source_email,
        is_valid,
        email,
        written_email,
        {{ email_local_part('email') }} as local_part,
        {{ registrable_domain('email') }} as domain,
    from canonical

),

classified as (

    select
        split.source_email,
        split.email,
        split.written_email,
        split.domain,
        free_mail_domains.domain is not null as is_free_mail,
        split.is_valid
        and coalesce(local_parts.value, domains.value, addresses.value) is null
        and not ({{ is_automatic_sender() }}) as is_usable,
    from split
    left join placeholders as local_parts
        on local_parts.kind = 'local_part' and split.local_part = local_parts.value
    left join placeholders as domains on domains.kind = 'domain' and split.domain = domains.value
    left join placeholders as addresses on addresses.kind = 'address' and split.email = addresses.value
    left join free_mail_domains on split.domain = free_mail_domains.domain
    {{ join_automatic_senders('split.email') }}

),

usable as (

    select
        source_email,
        email,
        written_email,
        domain,
        is_free_mail,
    from classified
    where is_usable

)

select * from usable
