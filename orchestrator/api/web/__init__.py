"""Pages for people: search, an entity, the questions to a steward, runs and the model."""
