"""What a NetworkPolicy means. Pure: no I/O, no YAML, no command line."""
