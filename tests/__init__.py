"""What Caveat promises, one promise a test; the folders mirror the source."""
