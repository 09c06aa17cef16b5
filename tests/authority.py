"""A time-stamp authority (RFC 3161) of our own: ``openssl ts`` with keys that live as long as the tests."""

import shutil
import subprocess
from pathlib import Path

import pytest

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="the program openssl is not installed")

_CONFIG = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[middle]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamping]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[authority]
serial = serial
digests = sha256, sha1, sm3
default_policy = 1.2.3.4.1
signer_digest = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers requests; its tokens hold two certificates, its own and that of the one between it and the root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root.pem"
        """The certificate that strangers trust."""
        (folder / "openssl.cnf").write_text(_CONFIG)
        (folder / "serial").write_text("01\n")
        self._certify("root", "root", None)
        self._certify("middle", "middle", "root")
        self._certify("stamping", "stamping", "middle")

    def answer(self, request: Path, out: Path) -> Path:
        """Write the answer to a request."""
        self._run(
            *("ts", "-reply", "-config", "openssl.cnf", "-section", "authority", "-queryfile", str(request)),
            *("-signer", "stamping.pem", "-inkey", "stamping.key", "-chain", "middle.pem", "-out", str(out)),
        )
        return out

    def verifies(self, answer: Path, data: Path) -> bool:
        """Tell whether an answer holds for data, as a stranger asks it."""
        arguments = ("ts", "-verify", "-data", str(data), "-in", str(answer), "-CAfile", str(self.root))
        done = subprocess.run([OPENSSL or "", *arguments], capture_output=True, text=True)
        return "Verification: OK" in done.stdout + done.stderr

    def _certify(self, name: str, extensions: str, issuer: str | None) -> None:
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key")
        subject = ("-subj", f"/O=Yunting/CN={name}", "-config", "openssl.cnf")
        kept = ("-days", "2", "-extensions", extensions, "-out", f"{name}.pem")
        if issuer is None:
            self._run("req", "-x509", *key, *subject, *kept)
            return
        self._run("req", "-new", *key, *subject, "-out", f"{name}.csr")
        signed = ("-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial")
        self._run("x509", "-req", "-in", f"{name}.csr", *signed, "-extfile", "openssl.cnf", *kept)

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [OPENSSL or "", *arguments], cwd=self.folder, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A time-stamp authority."""
    return Authority(tmp_path_factory.mktemp("authority"))
