-- Which of the candidates survives, and why.
{{ survivorship_rank('company') }}
