"""`concord demo`: a sample that is made, loaded, resolved and reported on."""
