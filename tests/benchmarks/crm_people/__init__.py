"""Made-up CRM people with the truth about who is who, at any size.

A data set is a function of its number of records and its seed. Each person leaves one to four
records in five systems, and each record draws what it knows, and its errors, independently. Names
are as frequent as in the US census of 1990. No real person is in it; the rates of the errors were
fixed before any matcher saw the result.
"""
