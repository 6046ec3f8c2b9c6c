with

source_phones as (

    select
        phone as source_phone,
        {{ plain_text('source_records.country') }} as country_name,
    from {{ ref('int_person_source_records') }} as source_records, unnest(source_records.phones) as phone
    union distinct
    select
        phone as source_phone,
        {{ plain_text('source_records.country') }} as country_name,
    from {{ ref('int_company_source_records') }} as source_records, unnest(source_records.phones) as phone

),

countries as (

    select * from {{ ref('countries') }}

),

regions as (

    select * from {{ ref('calling_codes') }}

),

placeholders as (

    select * from {{ ref('phone_placeholders') }}

),

-- One cell may hold several numbers; a slash without spaces only groups the digits of one.
separated as (

    select
        source_phones.source_phone,
        source_phones.country_name,
        {{ dialled_digits('number') }} as dialled,
        coalesce(countries.country_code, '{{ var("default_phone_region") }}') as region,
    from source_phones
    left join countries on source_phones.country_name = countries.name
    cross join unnest(split(regexp_replace(
        regexp_replace(left(source_phones.source_phone, 500), r'[;,]\s*(ext|x)', r' \1'), r'[;,\n]|\s/\s|\sor\s', '|'
    ), '|')) as number

),

-- As dialled from abroad, without + and prefixes: 14155550123.
international as (

    select
        separated.source_phone,
        separated.country_name,
        case
            when starts_with(separated.dialled, '+') then ltrim(separated.dialled, '+')
            when starts_with(separated.dialled, regions.international_prefix)
                then substr(separated.dialled, length(regions.international_prefix) + 1)
            when starts_with(separated.dialled, '00') then substr(separated.dialled, 3)
            when length(separated.dialled) = regions.local_length then null
            when
                starts_with(separated.dialled, regions.trunk_prefix)
                and (
                    starts_with(regions.trunk_prefix, '0')
                    or length(separated.dialled) > regions.national_length_max
                )
                then concat(regions.calling_code, substr(separated.dialled, length(regions.trunk_prefix) + 1))
            when length(separated.dialled) between regions.national_length_min and regions.national_length_max
                then concat(regions.calling_code, separated.dialled)
            -- Only the plus sign got lost.
            when length(separated.dialled) >= 11 then separated.dialled
        end as digits,
        if(length(separated.dialled) = regions.local_length, separated.dialled, null) as local_number,
    from separated
    left join regions on separated.region = regions.region

),

coded as (

    select
        *,
        {{ international_calling_code('digits') }} as calling_code,
    from international

),

nationalized as (

    select
        coded.*,
        regions.national_length_min,
        regions.national_length_max,
        -- The trunk zero that people write although it is not dialled from abroad.
        if(
            starts_with(regions.trunk_prefix, '0')
            and starts_with(substr(coded.digits, length(coded.calling_code) + 1), regions.trunk_prefix),
            substr(coded.digits, length(coded.calling_code) + length(regions.trunk_prefix) + 1),
            substr(coded.digits, length(coded.calling_code) + 1)
        ) as national_number,
    from coded
    left join regions on coded.calling_code = regions.calling_code and regions.is_main_region

),

written as (

    select distinct
        source_phone,
        country_name,
        coalesce(national_number, local_number) as placeholder_key,
        -- A number without its area code has no E.164 form; its digits alone still are evidence.
        coalesce(concat('+', calling_code, national_number), local_number) as phone_number,
    from nationalized
    where
        local_number is not null
        or (
            length(national_number) between coalesce(national_length_min, 6) and coalesce(national_length_max, 12)
            and (calling_code != '1' or regexp_contains(national_number, r'^[2-9]\d\d[2-9]'))
        )

),

without_placeholders as (

    select
        written.source_phone,
        written.country_name,
        written.phone_number,
    from written
    left join placeholders on written.placeholder_key = placeholders.digits
    where placeholders.digits is null and not ({{ is_one_character_repeated('written.placeholder_key') }})

)

select * from without_placeholders
