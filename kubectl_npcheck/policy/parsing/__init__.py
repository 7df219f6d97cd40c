"""The parts of reading a NetworkPolicy; `policy.parse` is their front door."""
