"""The command line: arguments, printing, exit codes, and the one error boundary."""
