"""Files that listening histories come in: archives, encodings, framing of records."""
