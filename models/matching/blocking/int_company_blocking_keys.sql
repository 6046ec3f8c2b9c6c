-- Step 3.1 of docs/model/matching.md: one row per record and blocking key. The rules are those of company_keys that
-- have a row in the seed company_blocking_rules. `refinement` splits a key that turns out too large.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

features as (

    select * from {{ ref('int_company_features') }}

),

rules as (

    select * from {{ ref('company_blocking_rules') }}

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

keys as (
    {{ keys_of_rules(company_keys()) }}
),

final as (

    select distinct
        keys.record_key,
        features.exclusive_source,
        rules.rule_bit,
        keys.rule,
        keys.key,
        keys.refinement,
    from keys
    inner join rules on keys.rule = rules.rule
    inner join features on keys.record_key = features.record_key
    where keys.key is not null

)

select * from final
