"""Cleans CRM people in SQL before Splink sees them, as an experienced user of Splink would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.benchmarks.splink.crm_fields import field_statements

if TYPE_CHECKING:
    from pathlib import Path

FREE_MAIL: Final = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com"),
    "comcast.net",
)
# A phone is shared when so many surnames, or records, have it.
SHARED_BY_SURNAMES: Final = 4
SHARED_BY_RECORDS: Final = 8


def cleaning_statements(source: str, nicknames: Path) -> tuple[str, ...]:
    """Return the statements that end in the table clean_people."""
    return (
        *field_statements(source),
        _nicknames(nicknames),
        _named(),
        *_phones(),
        _people(),
    )


def _nicknames(path: Path) -> str:
    """One row per nickname with the names that it can stand for; the first cell is the name."""
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
