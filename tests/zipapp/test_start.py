"""How the zipapp starts: where it unpacks itself, what cannot get in its way, what it leaves."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.zipapp.conftest import Zipapp
from tests.zipapp.interpreters import execute

HOSTILE = "raise SystemExit('a module of somebody else')\n"


def on_path(zipapp: Zipapp, directory: Path) -> str:
    """A PATH on which python3 is the interpreter of the tests."""
    directory.mkdir(parents=True)
    (directory / "python3").symlink_to(zipapp.interpreter)
    return os.pathsep.join([str(directory), "/usr/bin", "/bin"])


def hostile(directory: Path) -> Path:
    """A directory with modules that end the program."""
    for name in ("yaml", "click", "kubectl_npcheck", "json", "fcntl"):
        (directory / name).mkdir(parents=True)
        (directory / name / "__init__.py").write_text(HOSTILE, "utf-8")
    return directory


def old_python(version: str) -> str | None:
    """A Python that runs, on PATH or under pyenv."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = list(root.glob(f"versions/{version}.*/bin/python{version}"))
    for path in [shutil.which(f"python{version}"), *map(str, found)]:
        if path and not subprocess.run([path, "-c", ""], capture_output=True).returncode:
            return path
    return None


def test_variables_of_python_do_not_matter(fresh: Zipapp, tmp_path: Path) -> None:
    env = {
        "HOME": str(fresh.home),
        "PATH": on_path(fresh, tmp_path / "bin"),
        "PYTHONPATH": str(hostile(tmp_path / "hostile")),
        "PYTHONHOME": "/nowhere",
        "PYTHONSTARTUP": "/nowhere",
        "PYTHONWARNINGS": "error",
    }
    for _ in ("unpacking", "unpacked"):
        assert execute([fresh.file, "version"], fresh.cwd, env).code == 0


def test_modules_in_the_working_directory_do_not_matter(fresh: Zipapp) -> None:
    hostile(fresh.cwd)
    assert fresh("version").code == 0
    assert fresh("version").code == 0


def test_not_isolated_its_own_libraries_come_first(fresh: Zipapp, tmp_path: Path) -> None:
    """Whoever runs `python3 npcheck` gets npcheck's PyYAML too."""
    for name in ("yaml", "click"):
        (tmp_path / "hostile" / name).mkdir(parents=True)
        (tmp_path / "hostile" / name / "__init__.py").write_text(HOSTILE, "utf-8")
    env = {"HOME": str(fresh.home), "PYTHONPATH": str(tmp_path / "hostile")}
    ran = execute([fresh.interpreter, fresh.file, "rules"], fresh.cwd, env)
    assert (ran.code, ran.stderr) == (0, "")


def test_usage_by_the_name_that_it_was_called_by(fresh: Zipapp, tmp_path: Path) -> None:
    env = {"HOME": str(fresh.home), "PATH": on_path(fresh, tmp_path / "bin")}
    plugin = tmp_path / "bin" / "kubectl-npcheck"
    plugin.symlink_to(fresh.file)
    assert execute([plugin, "lint", "-h"], fresh.cwd, env).stdout.startswith(
        "Usage: kubectl npcheck lint "
    )
    assert execute([fresh.file, "lint", "-h"], fresh.cwd, env).stdout.startswith(
        "Usage: npcheck lint "
    )


def test_an_old_python_is_refused_in_one_line(fresh: Zipapp) -> None:
    code = (
        "import runpy, sys; sys.version_info = (3, 9, 18, 'final', 0); sys.argv = sys.argv[1:];"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    refused = execute([fresh.interpreter, "-I", "-c", code, fresh.file], fresh.cwd)
    assert refused.code == 2
    assert refused.stdout == ""
    assert refused.stderr == (
        f"error: npcheck needs Python 3.10 or newer, and {fresh.interpreter} is 3.9.18\n"
    )


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.9"])
def test_a_real_old_python_is_refused_in_one_line(fresh: Zipapp, version: str) -> None:
    python = old_python(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    refused = execute([python, fresh.file, "version"], fresh.cwd)
    assert refused.code == 2
    assert refused.stderr.startswith("error: npcheck needs Python 3.10 or newer, and ")
    assert refused.stderr.count("\n") == 1


def test_it_unpacks_once_and_for_its_owner_only(fresh: Zipapp) -> None:
    assert fresh("version").code == 0
    [name] = fresh.unpacked()
    directory = fresh.root / name
    made = directory.stat()
    assert fresh("version").code == 0
    assert directory.stat().st_ino == made.st_ino
    assert made.st_mode & 0o777 == 0o700
    assert fresh.root.stat().st_mode & 0o777 == 0o700


def test_xdg_cache_home(fresh: Zipapp, tmp_path: Path) -> None:
    assert fresh("version", XDG_CACHE_HOME=str(tmp_path / "cache")).code == 0
    assert list((tmp_path / "cache" / "npcheck").glob("npcheck_*"))
    assert not fresh.root.exists()


def test_shiv_root(fresh: Zipapp, tmp_path: Path) -> None:
    assert fresh("version", SHIV_ROOT=str(tmp_path / "a root")).code == 0
    assert list((tmp_path / "a root").glob("npcheck_*"))
    assert not fresh.root.exists()


@pytest.mark.parametrize("home", ["/dev/null", "/proc/nobody", "", "relative"])
def test_without_a_usable_home_it_works_and_leaves_nothing(
    fresh: Zipapp, tmp_path: Path, home: str
) -> None:
    (tmp_path / "tmp").mkdir()
    ran = fresh("rules", "invalid", HOME=home, TMPDIR=str(tmp_path / "tmp"))
    assert (ran.code, ran.stderr) == (0, "")
    assert list((tmp_path / "tmp").iterdir()) == []
    assert list(fresh.cwd.iterdir()) == []
    assert not Path("/.cache/npcheck").exists()


def test_a_root_that_cannot_be_written_is_named_with_the_remedy(fresh: Zipapp) -> None:
    refused = fresh("version", SHIV_ROOT="/dev/null/x")
    assert refused.code == 2
    assert refused.stdout == ""
    assert refused.stderr == (
        "error: npcheck found no place to unpack itself into (/dev/null/x: Not a directory); "
        "set SHIV_ROOT to a directory that can be written\n"
    )


def test_what_others_may_write_to_is_not_run(fresh: Zipapp, tmp_path: Path) -> None:
    root = tmp_path / "root"
    assert fresh("version", SHIV_ROOT=str(root)).code == 0
    [unpacked] = root.glob("npcheck_*")
    (unpacked / "site-packages" / "kubectl_npcheck" / "__init__.py").write_text(HOSTILE, "utf-8")
    unpacked.chmod(0o777)
    refused = fresh("version", SHIV_ROOT=str(root))
    assert refused.code == 2
    assert f"({root}: somebody else may write to it)" in refused.stderr


def test_first_runs_at_the_same_time(fresh: Zipapp) -> None:
    command = [fresh.interpreter, "-I", str(fresh.file), "version"]
    env = {"HOME": str(fresh.home), "PATH": os.environ["PATH"]}
    running = [
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(8)
    ]
    said = {process.communicate(timeout=60)[0] for process in running}
    assert {process.returncode for process in running} == {0}
    assert len(said) == 1
    assert len(fresh.unpacked()) == 1


def test_a_killed_first_run_is_made_up_for(fresh: Zipapp) -> None:
    command = [fresh.interpreter, "-I", str(fresh.file), "version"]
    env = {"HOME": str(fresh.home), "PATH": os.environ["PATH"]}
    running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not list(fresh.root.glob("*.tmp/*/*")) and time.monotonic() < until:
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    [left] = fresh.unpacked()
    assert left.endswith(".tmp"), "the run was over before it was killed"
    assert fresh("version").code == 0
    assert fresh.unpacked() == [left.removesuffix(".tmp")]


def test_former_versions_are_removed(fresh: Zipapp) -> None:
    assert fresh("version").code == 0
    [name] = fresh.unpacked()
    _, version, platform, _ = name.split("_")
    gone = [f"npcheck_0.0.9_{platform}_1", f"npcheck_{version}_{platform}_2"]
    stay = [f"npcheck_99.1_{platform}_3", "npcheck_0.0.9_other-cpu_4", "npcheck", "else_0_a_b"]
    for directory in [*gone, *stay]:
        (fresh.root / directory / "site-packages").mkdir(parents=True)
    for directory in gone:
        (fresh.root / f".{directory}_lock").touch()
    (fresh.root / f"npcheck_0.0.8_{platform}_5").touch()
    shutil.rmtree(fresh.root / name)
    assert fresh("version").code == 0
    assert fresh.unpacked() == sorted([name, *stay, f"npcheck_0.0.8_{platform}_5"])
    assert not list(fresh.root.glob(".npcheck_0.0.9_*_lock"))


def test_a_version_in_use_is_not_removed(fresh: Zipapp) -> None:
    assert fresh("version").code == 0
    [name] = fresh.unpacked()
    former = fresh.root / f"npcheck_0.0.9_{name.split('_')[2]}_1"
    former.mkdir()
    descriptor = os.open(former, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)  # as a running npcheck does
        shutil.rmtree(fresh.root / name)
        assert fresh("version").code == 0
        assert former.exists()
    finally:
        os.close(descriptor)


def test_a_running_process_holds_its_directory(fresh: Zipapp) -> None:
    assert fresh("version").code == 0
    [name] = fresh.unpacked()
    command = [fresh.interpreter, "-I", str(fresh.file), "lint", "-"]
    env = {"HOME": str(fresh.home), "PATH": os.environ["PATH"]}
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        descriptor = os.open(fresh.root / name, os.O_RDONLY)
        try:
            until = time.monotonic() + 30
            while lockable(descriptor) and time.monotonic() < until:
                time.sleep(0.01)
            assert not lockable(descriptor)
        finally:
            os.close(descriptor)
        run.communicate(b"", timeout=30)


def lockable(descriptor: int) -> bool:
    """Whether nobody holds a lock on it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True


def test_installed_by_krew_it_unpacks_where_krew_removes_it(fresh: Zipapp, tmp_path: Path) -> None:
    store = tmp_path / "krew" / "store" / "npcheck" / "v0.1.0"
    store.mkdir(parents=True)
    shutil.copy(fresh.file, store / "npcheck")
    link = tmp_path / "krew" / "kubectl-npcheck"
    link.symlink_to(store / "npcheck")
    env = {"HOME": str(fresh.home)}
    ran = execute([fresh.interpreter, "-I", link, "version"], fresh.cwd, env)
    assert ran.code == 0
    assert list((store / "unpacked").glob("npcheck_*"))
    assert not fresh.root.exists()
