"""Who Concord is to Google, and the datasets and tables that it may have to create."""
