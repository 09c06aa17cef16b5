"""Finds the Pythons that pyproject.toml names: the suite runs on each of them.

Prints a line for each one found, the oldest first: ``3.11 /usr/bin/python3.11``.  Says on standard error which are
not on this machine.  Ends with 1 where there is none, or where the oldest one named is not the oldest allowed.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
_CLASSIFIER = "Programming Language :: Python :: "
_PROBE = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


def main() -> int:
    """Print the Pythons; return the exit status."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    named = versions(project["classifiers"])
    if not named or project["requires-python"] != f">={named[0]}":
        print(
            f"pyproject.toml: requires-python {project['requires-python']} and the classifiers"
            f" {', '.join(named)} do not agree",
            file=sys.stderr,
        )
        return 1
    found = {version: path for version in named if (path := find(version))}
    for version, path in found.items():
        print(version, path)
    if missing := [version for version in named if version not in found]:
        print(
            f"NOT RUN on Python {', '.join(missing)}, which pyproject.toml names: not found here",
            file=sys.stderr,
        )
    return 0 if found else 1


def versions(classifiers: list[str]) -> list[str]:
    """Return the minor versions among the classifiers, the oldest first."""
    words = (line.removeprefix(_CLASSIFIER) for line in classifiers if line.startswith(_CLASSIFIER))
    return sorted((word for word in words if re.fullmatch(r"3\.\d+", word)), key=lambda word: int(word[2:]))


def find(version: str) -> str | None:
    """Return a Python of a version that starts and can make virtual environments."""
    return next((path for path in _candidates(version) if _works(path, version)), None)


def _candidates(version: str) -> Iterator[str]:
    """Yield where it may be: on PATH, then among pyenv's versions, the newest first."""
    for folder in os.get_exec_path():
        if path := shutil.which(f"python{version}", path=folder):
            yield path
    for root in dict.fromkeys((os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv"))):
        if root:
            for path in sorted(Path(root, "versions").glob(f"{version}*/bin/python{version}"), reverse=True):
                yield str(path)


def _works(path: str, version: str) -> bool:
    try:
        done = subprocess.run([path, "-c", _PROBE], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == version


if __name__ == "__main__":
    sys.exit(main())
