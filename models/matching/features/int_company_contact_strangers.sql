-- How many of the other names at a number have hardly anything in common with a name there. A firm with several names
-- has one or two of them; an agent, a lawyer or a shared office answers for firms that know nothing of one another.
-- Names share what the words that they both have say (int_company_name_words); many names are counted, not compared.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

name_words as (

    select * from {{ ref('int_company_name_words') }}

),

phone_names as (

    select distinct
        phone,
        records.company_name,
    from records, unnest(records.phones) as phone
    where records.company_name is not null

),

several_names as (

    select
        phone,
        company_name,
        regexp_replace(company_name, r'([^ ])[^ ]* *', r'\1') as initials,
    from phone_names
    qualify count(*) over (partition by phone) between 3 and 40

),

worded_names as (

    select
        several_names.*,
        name_words.word,
        name_words.information,
        name_words.shared_information,
    from several_names
    inner join name_words on several_names.company_name = name_words.company_name

),

shared_words as (

    select
        l.phone,
        l.company_name,
        r.company_name as other_name,
        l.word,
        max(l.information) as information,
        max(l.shared_information) as shared_information,
        logical_or(
            starts_with(l.word, r.word)
            or starts_with(r.word, l.word)
            or {{ is_similar_text('l.word', 'r.word') }}
            or l.word = r.initials
            or r.word = l.initials
            or {{ is_other_script('l.word', 'r.word') }}
        ) as is_shared,
    from worded_names as l
    inner join worded_names as r on l.phone = r.phone and l.company_name != r.company_name
    group by l.phone, l.company_name, r.company_name, l.word

),

shares as (

    select
        phone,
        least(company_name, other_name) as name_l,
        greatest(company_name, other_name) as name_r,
        {{ exact_sum('if(is_shared, shared_information, 0)') }} / nullif({{ exact_sum('information') }}, 0) as share,
    from shared_words
    group by phone, company_name, other_name

),

stranger_pairs as (

    select
        phone,
        name_l,
        name_r,
    from shares
    group by phone, name_l, name_r
    having max(share) < 0.4

),

strangers as (

    select
        phone,
        company_name,
        count(*) as n_strangers,
    from stranger_pairs, unnest([name_l, name_r]) as company_name
    group by phone, company_name

)

select * from strangers
