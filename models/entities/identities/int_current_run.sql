-- The run that builds. A retry goes on with the tables of the run before, and with its id.
select
    '{{ run_id() }}' as run_id,
    {{ run_started() }} as started_at,
