"""The report of a run: collected by SQL, drawn, put into one page that needs no network."""
