"""Completion: what the shell is offered for a command line that is still being typed.

Nothing here is loaded by a command that runs, except the names in `values`.
"""
