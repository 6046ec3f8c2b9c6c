"""The API: who is who, over HTTP, from the newest snapshot."""
