"""A made-up company's CRM, mail and phone records, with the truth about who is who.

The sample is a function of (seed, people, day) alone. It holds no real person, company, address
or phone number.
"""
