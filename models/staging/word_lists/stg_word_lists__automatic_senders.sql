-- A table: the statements that look senders up read it four times.
{{ config(materialized='table') }}

-- The shipped list and the company's own rows (docs/model/own-words.md).
{{ with_own_rows('automatic_senders', key=['kind', 'value']) }}
