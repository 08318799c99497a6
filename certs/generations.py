"""Steps in the life of a gateway's own keys: make, ask for a certificate, take it in, open windows.

Each works on one folder as `gateway.proof.key_folder` reads it, and changes a file in one step.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import pkcs7

from certs.key_files import pem, write_file, write_private, write_secret
from certs.request import write_request
from gateway.model.refusal import Refusal
from gateway.proof.certificate import prove_paths, require_name, state_of
from gateway.proof.certificate_profiles import PROFILES, faults
from gateway.proof.key_folder import Generation, generations, read_windows, write_windows
from gateway.proof.keys import NoteKey, load_note_key, load_private_p256
from gateway.proof.module_keys import ModuleKeyError, make_module_key
from gateway.proof.path import extension
from gateway.proof.window import Window


class KeyStepError(Exception):
    """A step that is not taken; says what is wrong and what to do instead."""


def make_key(folder: Path, stem: str, uri: str = "") -> Generation:
    """Make the next P-256 key of a role, 0600; it waits for its certificate.

    uri: makes the key in a PKCS #11 module and writes its reference in place of the key.
    """
    name = _next(folder, stem)
    if uri:
        _make_in_module(folder / f"{name}.uri", uri, edwards=False)
    else:
        write_private(folder / f"{name}.key", ec.generate_private_key(ec.SECP256R1()))
    return generations(folder, stem)[-1]


def make_note_key(folder: Path, stem: str, name: str, kind: int, uri: str = "") -> NoteKey:
    """Make the next Ed25519 key of a log, witness or mirror, 0600; uri as in `make_key`."""
    file = folder / f"{_next(folder, stem)}{'.uri' if uri else '.key'}"
    if uri:
        _make_in_module(file, uri, edwards=True)
    else:
        write_private(file, Ed25519PrivateKey.generate())
    return load_note_key(file, name=name, kind=kind)


def ask(one: Generation, role: str, state: str, name: str, hosts: Sequence[str] = ()) -> Path:
    """Write the certificate request of a key beside it; gives the file. KeyStepError for tls."""
    if PROFILES[role].hosts and not hosts:
        raise KeyStepError("a tls certificate names its hosts: give --host, once for each")
    key = load_private_p256(one.private_file)
    write_file(one.request_file, write_request(key, role, state, name, hosts))
    return one.request_file


def take_in(
    folder: Path,
    stem: str,
    role: str,
    found: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    *,
    state: str,
    name: str,
    at: datetime,
) -> Generation:
    """Store the certificate that a CA issued for one of the keys, with those above it.

    found: what the CA sent, in any order. KeyStepError says everything that is wrong.
    """
    one, leaf = _owner(folder, stem, found)
    if one.chain_file.exists():
        raise KeyStepError(
            f"{one.chain_file} is there already; for a new certificate rotate the key: "
            f"lmx keys rotate {role}"
        )
    wrong = [f"{text}." for text in faults(leaf, PROFILES[role])]
    if state_of(leaf) != state:
        wrong.append(f"its country is {state_of(leaf) or 'missing'} and must be {state}.")
    try:
        require_name(leaf, name)
    except Refusal:
        wrong.append(f"it names neither {name} (CN) nor {name.partition('/')[0]} (O).")
    if at > leaf.not_valid_after_utc:
        wrong.append(f"it ended on {leaf.not_valid_after_utc:%d.%m.%Y}.")
    if wrong:
        raise KeyStepError("the certificate cannot be used: " + " ".join(wrong))
    chain = [leaf, *(other for other in found if other != leaf)]
    try:
        paths = prove_paths(chain, roots, role=role, state=state)
    except Refusal as refusal:
        raise KeyStepError(
            f"the certificate has no path to the given roots: {refusal.rule}. Add the CA's own "
            "certificate to what you import, and give the state's root by --roots."
        ) from None
    write_file(one.chain_file, pem(paths[0].certificates[:-1]))
    return one


def read_certificates(data: bytes) -> list[x509.Certificate]:
    """Read what a CA sends: PEM, DER or PKCS #7. KeyStepError when it is neither."""
    readers = (
        x509.load_pem_x509_certificates,
        lambda octets: [x509.load_der_x509_certificate(octets)],
        pkcs7.load_pem_pkcs7_certificates,
        pkcs7.load_der_pkcs7_certificates,
    )
    for read in readers:
        try:
            return list(read(data))
        except ValueError:
            continue
    raise KeyStepError("this is no certificate: PEM, DER and PKCS #7 (.p7b) are read")


def follow_on(folder: Path, stem: str, *, begins: datetime, ends: datetime) -> Generation:
    """Open the window of the newest key at `begins`; the one before it signs until `ends` at most.

    begins < ends: in between both count. Gives the newest. KeyStepError when there is no second.
    """
    known = generations(folder, stem)
    if len(known) < 2:
        raise KeyStepError(f"{folder} holds one key of {stem}; make the next before it follows")
    if begins >= ends:
        raise KeyStepError("the old key must end after the new one begins")
    new, old = known[-1], known[-2]
    windows = dict(read_windows(folder))
    windows[new.stem] = Window(begins, None)
    windows[old.stem] = Window(old.window.begins, ends)
    write_windows(folder, windows)
    return generations(folder, stem)[-1]


def hosts_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Give the hosts that a certificate names, none when it names none."""
    found = extension(certificate, x509.SubjectAlternativeName)
    names = () if found is None else tuple(found)
    return tuple(str(one.value) for one in names if isinstance(one, x509.DNSName | x509.IPAddress))


def _make_in_module(file: Path, uri: str, *, edwards: bool) -> None:
    try:
        make_module_key(uri, edwards=edwards)
    except ModuleKeyError as error:
        raise KeyStepError(str(error)) from None
    write_secret(file, f"{uri}\n".encode())


def _next(folder: Path, stem: str) -> str:
    known = generations(folder, stem) if folder.exists() else []
    return f"{stem}-{known[-1].number + 1}" if known else stem


def _owner(
    folder: Path, stem: str, found: Sequence[x509.Certificate]
) -> tuple[Generation, x509.Certificate]:
    known = generations(folder, stem)
    if not known:
        raise KeyStepError(f"{folder} holds no key of {stem}; make it first: lmx keys make")
    for one in reversed(known):
        public = load_private_p256(one.private_file).public_key()
        for certificate in found:
            if certificate.public_key() == public:
                return one, certificate
    files = ", ".join(one.private_file.name for one in known)
    raise KeyStepError(
        f"the certificate is for another key than {files}. Send the CA the request that stands "
        "beside the key, and import what comes back for it."
    )
