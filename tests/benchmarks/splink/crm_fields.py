"""Brings every field of the CRM people into one form, each by itself."""

from __future__ import annotations

from typing import Final

PLACEHOLDER_NAMES: Final = ("unknown", "test", "n/a", "-", "caller", "no name")
PLACEHOLDER_EMAILS: Final = (
    *("none@none.com", "test@test.com", "noemail@noemail.com", "na@na.com"),
    "unknown@unknown.com",
)
PLACEHOLDER_PHONES: Final = ("0000000000", "5555555555", "9999999999", "1111111111")


def field_statements(source: str) -> tuple[str, ...]:
    """Return the statements that end in the table cleaned."""
    return (*_macros(), _lowered(source), _split(), _cleaned())


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


def _lowered(source: str) -> str:
    """Names and e-mails in small letters, phone numbers in digits."""
    return f"""
    create or replace temp table lowered as
    select
        *,
        nullif(lower(trim(first_name)), '') as first_field,
        nullif(lower(trim(last_name)), '') as last_field,
        nullif(lower(trim(full_name)), '') as full_field,
        lower(trim(email)) as email_field,
        phone_number(phone) as phone_field,
        phone_number(mobile_phone) as mobile_field
    from {source}
    """


def _split() -> str:
    """First and last part of a full name, written in either order."""
    return r"""
    create or replace temp table split as
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
    """


def _cleaned() -> str:
    """Every field in one form; parts of a full name where first and last name are missing."""
    return rf"""
    create or replace temp table cleaned as
    with typed as (
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
