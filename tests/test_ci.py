"""The Pythons that the suite runs on: those that pyproject.toml names."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMED = re.findall(r"Python :: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)


def find_pythons(home: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """Look for Pythons where there are none but those of one folder."""
    environment = {"HOME": str(home), "PATH": str(path)}
    command = [sys.executable, str(ROOT / ".ci" / "pythons.py")]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def put(folder: Path, name: str, says: str) -> Path:
    program = folder / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{says}\n")
    program.chmod(0o755)
    return program


def test_the_oldest_python_named_is_the_oldest_allowed() -> None:
    assert PROJECT["requires-python"] == f">={NAMED[0]}"


def test_every_python_named_is_looked_for_on_the_path_and_among_those_of_pyenv(tmp_path: Path) -> None:
    oldest, *others = NAMED
    lines = [f"{oldest} {put(tmp_path / 'bin', f'python{oldest}', f'echo {oldest}')}"]
    for version in others:
        put(tmp_path / "bin", f"python{version}", "exit 127")  # a shim of a version that is not set
        folder = tmp_path / ".pyenv" / "versions" / f"{version}.1" / "bin"
        lines.append(f"{version} {put(folder, f'python{version}', f'echo {version}')}")
    result = find_pythons(tmp_path, tmp_path / "bin")
    assert (result.returncode, result.stdout.splitlines(), result.stderr) == (0, lines, "")


def test_a_machine_with_one_python_runs_the_suite_and_says_what_it_left_out(tmp_path: Path) -> None:
    only = put(tmp_path / "bin", f"python{NAMED[-1]}", f"echo {NAMED[-1]}")
    result = find_pythons(tmp_path, tmp_path / "bin")
    assert (result.returncode, result.stdout) == (0, f"{NAMED[-1]} {only}\n")
    assert result.stderr == (
        f"NOT RUN on Python {', '.join(NAMED[:-1])}, which pyproject.toml names: not found here\n"
    )


def test_a_machine_without_any_is_told_so(tmp_path: Path) -> None:
    put(tmp_path / "bin", f"python{NAMED[0]}", "echo 3.5")
    result = find_pythons(tmp_path, tmp_path / "bin")
    assert (result.returncode, result.stdout) == (1, "")
    assert f"NOT RUN on Python {', '.join(NAMED)}" in result.stderr
