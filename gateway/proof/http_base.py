"""The signature base of RFC 9421 section 2.5: the octets that an HTTP signature signs."""

from collections.abc import Mapping

from gateway.model.refusal import Refusal


def write_base(covered: Mapping[str, str], parameters: str) -> bytes:
    """Give the base: one line a covered component in the order given, then the parameters.

    covered: values by component name. parameters: the field's value behind its label.
    Refuses `signature.malformed` when a value is not ASCII.
    """
    lines = [f'"{name}": {value.strip()}' for name, value in covered.items()]
    lines.append(f'"@signature-params": {parameters}')
    try:
        return "\n".join(lines).encode("ascii")
    except UnicodeEncodeError:
        raise Refusal(
            "signature.malformed",
            step="authenticate",
            rule="covered values are ASCII",
            place="headers",
        ) from None
