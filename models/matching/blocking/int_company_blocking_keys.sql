-- Step 3.1 of docs/model/matching.md: one row per record and blocking key. The rules are those of company_keys that
-- have a row in the seed company_blocking_rules. `refinement` splits a key that turns out too large.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

features as (

    select * from {{ ref('int_company_features') }}

),

contact_usage as (

    select * from {{ ref('int_company_contact_usage') }}

),

with_domains as (

    select
        features.*,
        domain,
    from records, unnest(records.domains) as domain
    inner join features on records.record_id = features.record_id

),

with_phones as (

    select
        features.*,
        phone,
    from records, unnest(records.phones) as phone
    inner join features on records.record_id = features.record_id
    inner join contact_usage on phone = contact_usage.value
    where not contact_usage.is_agent

),

with_identifiers as (

    select
        features.*,
        identifier,
    from records, unnest(records.identifiers) as identifier
    inner join features on records.record_id = features.record_id

),

-- Two rows per name: its rarest word and the next.
with_rare_words as (

    select
        *,
        rarest_word as rare_word,
    from features
    union all
    select
        *,
        second_rarest_word as rare_word,
    from features

),

{{ keys_of_rules('company') }}

select * from final
