"""Names of arguments and blocks in infrastructure/terraform, checked without Terraform or provider.

`google.json` holds what the provider of Google knows of the types that are used: names, whether an
argument is required, its type, how often a block may stand. No text of the provider's is in it.
"""
