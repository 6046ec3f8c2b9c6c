"""Why two records are one entity or two, and what an entity is made of."""
