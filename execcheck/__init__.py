"""Check the event logs of court enforcement cases against rules written as data."""
