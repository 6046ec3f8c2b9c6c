"""What Concord is compared with: Splink, with settings for each data set.

Where Splink's own documentation has a demonstration for a data set (fake_1000, febrl3, febrl4,
historical_50k), its settings are taken as they are there. For the other two they were tuned by
hand in the same style: a user of Splink who knows the data, and cleans it in SQL beforehand.

These modules run in an environment of their own, without any of Concord's packages.
"""
