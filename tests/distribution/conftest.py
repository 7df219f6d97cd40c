"""packaging/distribution is not installed: it is found where `make dist` finds it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))
