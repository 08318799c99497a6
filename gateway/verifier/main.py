"""`lmx-verify`: check an evidence bundle offline. No network, no clock, no prompts.

Exit: 0 proved, 1 false, 2 not provable, 3 unreadable, 4 usage or trust folder, 5 internal.
"""

import argparse
import hashlib
import sys
from pathlib import Path

from gateway.model.refusal import Refusal
from gateway.proof.claims import exit_code
from gateway.proof.evidence_file import check_bundle
from gateway.proof.forms import FormMapping, load_mapping
from gateway.proof.trust_folder import load_trust
from gateway.verifier.report import report_json, report_lines

UNREADABLE, USAGE, INTERNAL = 3, 4, 5
_EXAMPLE = "example: lmx-verify exchange.asice --trust trust/"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"lmx-verify: {message}\n{_EXAMPLE}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; gives the exit code."""
    parser = _Parser(
        prog="lmx-verify", description="Check an evidence bundle offline.", epilog=_EXAMPLE
    )
    parser.add_argument("bundle", type=Path, help="the .asice file")
    parser.add_argument("--trust", type=Path, required=True, help="roots, directories, policy.txt")
    parser.add_argument("--expect-x", default="", help="the exchange id that must be proved")
    parser.add_argument("--json", action="store_true", help="print the report for programs")
    options = parser.parse_args(arguments)
    return verify(options.bundle, options.trust, options.expect_x, as_json=options.json)


def verify(bundle: Path, trust_folder: Path, expected: str, *, as_json: bool) -> int:
    """Check one file and print the report; gives the exit code."""
    try:
        trust = load_trust(trust_folder)
        mapping = _mapping()
    except (Refusal, OSError) as error:
        print(f"lmx-verify: the trust folder cannot be used: {error}", file=sys.stderr)
        return USAGE
    try:
        data = bundle.read_bytes()
        claims, exchange = check_bundle(data, trust, mapping)
    except OSError:
        print(f"lmx-verify: {bundle} cannot be read", file=sys.stderr)
        return UNREADABLE
    except Refusal as refusal:
        print(f"lmx-verify: {bundle} cannot be read as a bundle: {refusal}", file=sys.stderr)
        return UNREADABLE
    if expected and expected != exchange:
        print(f"lmx-verify: the bundle proves another exchange than {expected}", file=sys.stderr)
        return 1
    digest = hashlib.sha256(data).hexdigest()
    if as_json:
        print(report_json(claims, exchange, digest))
    else:
        print("\n".join(report_lines(claims, exchange)))
    return exit_code(claims)


def _mapping() -> FormMapping:
    root = Path(__file__).resolve().parents[2]
    return load_mapping((root / "schemas" / "generated" / "mapping.json").read_bytes())


def run() -> None:
    """Leave the process with the exit code, 5 for a fault of our own."""
    try:
        code = main()
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - the contract of exit 5
        print(f"lmx-verify: internal error {type(error).__name__}", file=sys.stderr)
        code = INTERNAL
    sys.exit(code)
