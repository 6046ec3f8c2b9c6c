{{ ledger_rows('company') }}
