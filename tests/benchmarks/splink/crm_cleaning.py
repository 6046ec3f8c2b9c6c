"""Cleans CRM people in SQL before Splink sees them, as an experienced user of Splink would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PLACEHOLDER_NAMES: Final = ("unknown", "test", "n/a", "-", "caller", "no name")
PLACEHOLDER_EMAILS: Final = (
    *("none@none.com", "test@test.com", "noemail@noemail.com", "na@na.com"),
    "unknown@unknown.com",
)
PLACEHOLDER_PHONES: Final = ("0000000000", "5555555555", "9999999999", "1111111111")
FREE_MAIL: Final = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com"),
    "comcast.net",
)
# A phone is shared when so many surnames, or records, have it.
SHARED_BY_SURNAMES: Final = 4
SHARED_BY_RECORDS: Final = 8


def cleaning_statements(source: str, nicknames: Path) -> tuple[str, ...]:
    """Return the statements that end in the table clean_people."""
    return (*_macros(), _nicknames(nicknames), _cleaned(source), _named(), *_phones(), _people())


def _macros() -> tuple[str, ...]:
    return (
        # Ten digits of a number without its extension, or null.
        r"""
        create or replace temp macro digits(text) as
        regexp_replace(regexp_replace(text, '(?i)\s*(x|ext).*$', ''), '[^0-9]', '', 'g')
        """,
        """
        create or replace temp macro phone_number(text) as
        case when length(digits(text)) >= 10 then right(digits(text), 10) end
        """,
        # Small letters, without punctuation, legal form and article.
        r"""
        create or replace temp macro company_name(text) as
        nullif(trim(regexp_replace(regexp_replace(
            regexp_replace(replace(lower(trim(text)), '&', 'and'), '[.,]', '', 'g'),
            '\s+(inc|incorporated|llc|corp|corporation|ltd|limited|co|company|llp)$', ''
        ), '^the ', '')), '')
        """,
        # Given (1) and family name (2) of given.family@ and given_family@, or ''.
        """
        create or replace temp macro name_in_email(address, part) as
        regexp_extract(address, '^([a-z]{2,})[._]([a-z]{3,})[0-9]*@', part)
        """,
    )


def _nicknames(path: Path) -> str:
    """One row a nickname with the names that it can stand for; the first cell is the name."""
    return f"""
    create or replace temp table nicknames as
    with rows as (
        select list_transform(
            list_filter(string_split(line, ','), cell -> trim(cell) <> ''),
            cell -> lower(trim(cell))
        ) as names
        from read_csv('{path}', columns = {{'line': 'varchar'}}, delim = '|', header = false)
    )
    select nickname, list(distinct names[1]) as full_names
    from rows cross join unnest(names[2:]) as short(nickname)
    group by nickname
    """


def _cleaned(source: str) -> str:
    """Every field in one form; a full name is split where first and last name are missing."""
    return rf"""
    create or replace temp table cleaned as
    with lowered as (
        select
            *,
            nullif(lower(trim(first_name)), '') as first_field,
            nullif(lower(trim(last_name)), '') as last_field,
            nullif(lower(trim(full_name)), '') as full_field,
            lower(trim(email)) as email_field,
            phone_number(phone) as phone_field,
            phone_number(mobile_phone) as mobile_field
        from {source}
    ),
    split as (
        select
            *,
            case
                when full_field like '%,%' then trim(split_part(full_field, ',', 2))
                else nullif(split_part(full_field, ' ', 1), '')
            end as first_of_full,
            case
                when full_field like '%,%' then trim(split_part(full_field, ',', 1))
                when full_field like '% %' then regexp_extract(full_field, '(\S+)$', 1)
            end as last_of_full
        from lowered
    ),
    typed as (
        select
            record_id,
            source_dataset,
            regexp_replace(coalesce(first_field, first_of_full), '\s+[a-z]\.?$', '') as first_name,
            regexp_replace(coalesce(last_field, last_of_full), '\s+(jr|sr)\.?$', '') as last_name,
            if(
                email_field in {PLACEHOLDER_EMAILS}, null,
                regexp_replace(email_field, '\+[^@]*@', '@')
            ) as email,
            if(phone_field in {PLACEHOLDER_PHONES}, null, phone_field) as phone,
            mobile_field as mobile,
            company_name(company) as company,
            lower(city) as city,
            left(postcode, 5) as postcode
        from split
    )
    select
        * exclude (phone, mobile) replace (
            if(first_name in {PLACEHOLDER_NAMES}, null, first_name) as first_name,
            -- A mailbox of many people says nothing.
            if(
                regexp_matches(email, '^(info|sales|office|contact|admin)@'), null, email
            ) as email
        ),
        list_filter(list_distinct([mobile, phone]), number -> number is not null) as numbers
    from typed
    """


def _named() -> str:
    """Names that are missing are taken from the e-mail address."""
    return """
    create or replace temp table named as
    select * replace (
        coalesce(
            first_name,
            case when last_name is null then nullif(name_in_email(email, 1), '') end
        ) as first_name,
        coalesce(
            last_name,
            case
                when first_name is null or first_name = name_in_email(email, 1)
                    then nullif(name_in_email(email, 2), '')
            end
        ) as last_name
    )
    from cleaned
    """


def _phones() -> tuple[str, ...]:
    """Phones of one person, and phones of a company or a family, apart."""
    return (
        """
        create or replace temp table phones as
        select record_id, last_name, unnest(numbers) as number from named
        """,
        f"""
        create or replace temp table shared_numbers as
        select number
        from phones
        group by number
        having count(distinct last_name) >= {SHARED_BY_SURNAMES}
            or count(*) >= {SHARED_BY_RECORDS}
        """,
        """
        create or replace temp table record_phones as
        select
            record_id,
            list(number order by number) filter (shared_numbers.number is null) as phones,
            min(number) filter (shared_numbers.number is not null) as shared_phone
        from phones left join shared_numbers using (number)
        group by record_id
        """,
    )


def _people() -> str:
    return rf"""
    create or replace table clean_people as
    select
        named.* exclude (numbers) replace (
            if(
                email like '%@gmail.com',
                replace(split_part(email, '@', 1), '.', '') || '@gmail.com', email
            ) as email
        ),
        case
            when length(split_part(email, '@', 1)) >= 8 or regexp_matches(email, '^[a-z]+[._]')
                then replace(replace(split_part(email, '@', 1), '.', ''), '_', '')
        end as email_user,
        if(
            split_part(email, '@', 2) in {FREE_MAIL}, null, split_part(email, '@', 2)
        ) as company_domain,
        case
            when first_name is not null
                then list_distinct(list_append(coalesce(full_names, []), first_name))
        end as first_names,
        phones,
        phones[1] as first_phone,
        shared_phone
    from named
    left join nicknames on named.first_name = nicknames.nickname
    left join record_phones using (record_id)
    """
