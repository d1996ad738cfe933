"""Where things are kept: databases, blobs, event files, and the key and anchor of the log."""
