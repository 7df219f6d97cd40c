"""`python -m kubectl_npcheck`."""

from __future__ import annotations

from kubectl_npcheck.cli import main

if __name__ == "__main__":
    main()
