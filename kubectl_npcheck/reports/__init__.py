"""One module a format, each with `render(report) -> str`."""
