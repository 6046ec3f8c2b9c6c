-- What an entity has as a whole, and the records that its golden record is made of.
{{ entity_summaries('person') }}
