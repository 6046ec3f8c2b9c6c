"""What makes a result doubtful, whatever the model expects of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.bigquery.connect import Connection
    from orchestrator.resolve.match_export import ResultSize

# Fewer prove nothing: two records that are two people are a usual file.
LEAST_CASES: Final = 20
LARGEST_SHARE: Final = 0.5
ALLOWED_SHARE: Final = 0.1
NAMES: Final = {
    "given_names": "given names",
    "family_names": "family names",
    "birth_years": "years of birth",
    "postcodes": "postcodes",
    "company_names": "names",
    "name_and_email": "name and e-mail address",
    "name_and_phone": "name and phone number",
    "name_and_address": "name and address",
    "name_and_domain": "name and web domain",
}


def find_doubts(connection: Connection, entity: str, size: ResultSize) -> tuple[str, ...]:
    """Return a sentence for each reason to look at the result before it is used."""
    doubts = [*_of_size(size)]
    counts = connection.query(_counts_sql(connection, entity))
    doubts += [
        _in_words(row["fault"], row["check_name"], row["n_implausible"], row["n_checked"])
        for row in counts
        if row["n_checked"] >= LEAST_CASES
        and row["n_implausible"] > ALLOWED_SHARE * row["n_checked"]
    ]
    return tuple(doubts)


def _of_size(size: ResultSize) -> Iterator[str]:
    if size.clustered_records < LEAST_CASES:
        return
    if size.clusters == size.clustered_records:
        yield (
            "No two records were joined. If some are the same: does the mapping name all columns"
            " that tell one from another?"
        )
    elif size.largest_cluster > LARGEST_SHARE * size.clustered_records:
        share = size.largest_cluster / size.clustered_records
        yield (
            f"One cluster has {share:.0%} of all records. Look at what they share:"
            " a placeholder, or a column that says the same of everybody?"
        )


def _in_words(fault: str, check_name: str, n_implausible: int, n_checked: int) -> str:
    name = NAMES.get(check_name, check_name)
    if fault == "crowded":
        return (
            f"{n_implausible:,} of {n_checked:,} clusters have more than three {name}:"
            " perhaps too much was joined."
        )
    return (
        f"{n_implausible:,} of {n_checked:,} times records with one {name} are in two clusters:"
        " perhaps too little was joined."
    )


def _counts_sql(connection: Connection, entity: str) -> str:
    dataset = f"{connection.settings.dataset}_matching"
    clusters, crowded, torn = (
        connection.table_id(dataset, name)
        for name in (
            f"{entity}_clusters",
            f"int_{entity}_cluster_values",
            f"int_{entity}_repeated_values",
        )
    )
    return f"""
        with repeated as (
            select cluster_id from `{clusters}` group by cluster_id having count(*) > 1
        )

        select
            'crowded' as fault,
            check_name,
            countif(is_implausible) as n_implausible,
            (select count(*) from repeated) as n_checked,
        from `{crowded}`
        group by check_name
        union all
        select 'torn' as fault, check_name, countif(is_implausible), count(*)
        from `{torn}`
        group by check_name
        order by fault, check_name
    """
