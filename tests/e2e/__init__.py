"""What needs more than Python: a real API server, kubectl, pre-commit, a tracer. `make e2e`."""
