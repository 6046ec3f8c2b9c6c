{{ ledger_rows('person') }}
