"""Where a file lies: behind which links, on a disk of this machine or on a network drive."""

import os
from pathlib import Path, PurePath

from archive.store.errors import ArchiveError

MOUNTS = Path("/proc/self/mounts")
"""What Linux has mounted."""

_NETWORK = frozenset(
    [
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    ]
)


def real_path(path: Path) -> Path:
    """Return the file that a symbolic link leads to, which need not be there yet; what is no link as it is written.

    Lock, WARC folder and write-ahead log are named after the file, so it must have one name.
    Raises ``ArchiveError`` for links that lead in a circle.
    """
    if not path.is_symlink():
        return path
    found = Path(os.path.realpath(path))
    if found.is_symlink():
        raise ArchiveError(f"{path}: is a link that leads to itself; give the name of the file")
    return found


def network_drive(path: Path) -> str:
    """Return the kind of network drive that a file lies on (``nfs4``), "" for a disk of this machine.

    "" too where it cannot be noticed: not on every system, and not of every drive.
    """
    path = path.resolve()
    if path.drive.startswith("\\\\") and not path.drive.startswith("\\\\?\\"):
        return f"share {path.drive}"
    try:
        kind = kind_of_drive(path, MOUNTS.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return kind if kind in _NETWORK else ""


def kind_of_drive(path: PurePath, mounts: str) -> str:
    """Return the file system's name for a path, from lines like those of ``/proc/self/mounts``."""
    found, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if path.is_relative_to(place) and len(PurePath(place).parts) >= found:
            found, kind = len(PurePath(place).parts), fields[2]  # of two on one place the later one is seen
    return kind
