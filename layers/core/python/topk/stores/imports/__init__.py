"""What imports keep: rows, messages and uploaded files."""
