"""A cluster's API server: configuration, raw JSON, probes. Knows no meaning of what it reads."""
