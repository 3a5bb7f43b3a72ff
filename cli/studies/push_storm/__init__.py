"""Players that push under faults: what is lost, and what counts twice."""
