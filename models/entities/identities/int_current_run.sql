-- The run that builds. A retry goes on with the tables of the run before, and with its id; where clusters are built
-- anew, so is this.
-- depends_on: {{ ref('person_clusters') }}
-- depends_on: {{ ref('company_clusters') }}
select
    '{{ run_id() }}' as run_id,
    {{ run_started() }} as started_at,
