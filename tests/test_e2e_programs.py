"""The programs that e2e builds: each is pinned by a module of its own."""

from __future__ import annotations

import pytest

from tests.e2e.binaries import HERE, PROGRAMS, kubernetes, versions


def test_every_module_has_its_program_and_every_program_its_module() -> None:
    assert {path.name for path in (HERE / "programs").iterdir() if path.is_dir()} == set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_module_pins_its_packages_and_its_sums(name: str) -> None:
    module = HERE / "programs" / name
    sources = "".join(path.read_text(encoding="utf-8") for path in module.iterdir())
    assert all(package in sources for package in PROGRAMS[name].values())
    assert (module / "go.sum").stat().st_size > 0


def test_every_pinned_version_has_its_sources() -> None:
    for version, modfile in versions().items():
        recipe = kubernetes(version, modfile)
        assert all((recipe.module / name).is_file() for name in recipe.sources)
