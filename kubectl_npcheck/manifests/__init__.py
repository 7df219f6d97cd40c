"""Text to plain objects and back. Knows YAML, files, positions and wrappers; no meaning."""
