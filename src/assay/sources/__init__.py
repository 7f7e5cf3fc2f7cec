"""Where records come from: one file and one line in SOURCES a source."""
