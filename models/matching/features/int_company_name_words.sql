-- One row per distinct company name and word in it, with how much information the word carries (in bits): the words
-- "early learning centre" say little in a list of nurseries, "montessori" more, a street name most. That two
-- firms share a trade says two bits at most, however few of it or of their language there are.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

names as (

    select
        company_name,
        count(*) as n_records,
    from records
    where company_name is not null
    group by company_name

),

name_words as (

    select distinct
        names.company_name,
        names.n_records,
        word,
    from names, unnest(split(names.company_name, ' ')) as word
    where word != ''

),

word_counts as (

    select
        word,
        sum(n_records) as n_records,
    from name_words
    group by word

),

trade_words as (

    select distinct {{ latin_letters('word') }} as word from {{ ref('company_trade_words') }}

),

total as (

    select sum(n_records) as n_records from names

),

weighted_words as (

    select
        name_words.company_name,
        name_words.word,
        log((total.n_records + 1) / word_counts.n_records, 2) as information,
        least(
            log((total.n_records + 1) / word_counts.n_records, 2),
            if(trade_words.word is null, 64, 2)
        ) as shared_information,
        row_number() over (
            partition by name_words.company_name
            order by word_counts.n_records, length(name_words.word) desc, name_words.word
        ) as rarity_rank,
    from name_words
    inner join word_counts on name_words.word = word_counts.word
    left join trade_words on name_words.word = trade_words.word
    cross join total

)

select * from weighted_words
