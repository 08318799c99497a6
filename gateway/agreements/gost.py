"""One provider of national signatures: `openssl` with the GOST engine (Debian's
libengine-gost-openssl; GOST R 34.10-2012 with Streebog, RFC 9215 and RFC 7091).

Kazakhstan and Russia sign with GOST keys. Which national roots count is the reader's decision:
a file of certificates in PEM, and no other is asked.
"""

import subprocess
import tempfile
from pathlib import Path

from gateway.model.refusal import Refusal

_SECONDS = 30


class GostProvider:
    """Asks the program; `program`: its path; roots: PEM certificates that may have issued."""

    name = "gost"

    def __init__(self, program: Path, roots: Path) -> None:
        """ValueError when the program cannot use the engine: nothing could be checked."""
        self._program, self._roots = str(program), str(roots)
        asked = self._run(["engine", "-t", "gost"])
        if asked.returncode or b"[ available ]" not in asked.stdout:
            message = f"{program} has no engine gost; install libengine-gost-openssl"
            raise ValueError(message)

    def signer(self, text: bytes, cms: bytes) -> str:
        """Give the signer's subject as RFC 2253 writes it. Refuses `signature.wrong`."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "text").write_bytes(text)
            (folder / "cms").write_bytes(cms)
            verify = ["cms", "-verify", "-engine", "gost", "-binary", "-inform", "DER"]
            # Any purpose: national certificates seldom carry S/MIME's. No dates: a slot does not
            # tell when it was signed, and national certificates end before agreements do.
            verify += [
                "-purpose",
                "any",
                "-no_check_time",
                "-CAfile",
                self._roots,
                "-no-CApath",
                "-no-CAstore",
            ]
            verify += ["-in", f"{name}/cms", "-content", f"{name}/text"]
            verify += ["-signer", f"{name}/signer", "-out", f"{name}/out"]
            if self._run(verify).returncode:
                raise _wrong("the national signature must verify over the text by these roots")
            show = ["x509", "-engine", "gost", "-in", f"{name}/signer", "-noout"]
            shown = self._run([*show, "-subject", "-nameopt", "RFC2253,utf8,-esc_msb"])
        subject = shown.stdout.decode("utf-8", "replace").strip().removeprefix("subject=")
        if shown.returncode or not subject or "\n" in subject:
            raise _wrong("one certificate with a subject signs the text")
        return subject.strip()

    def _run(self, arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 the reader's own program, with our arguments
            [self._program, *arguments], capture_output=True, check=False, timeout=_SECONDS
        )


def _wrong(rule: str) -> Refusal:
    return Refusal("signature.wrong", step="verify", rule=rule, place="signature")
