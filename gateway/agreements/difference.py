"""Two agreement texts compared in words: what one may do more, or less, by record type."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gateway.model.agreement import Agreement, Grant, Words
from gateway.model.instants import write_instant
from gateway.model.masking import Mask
from gateway.model.member_rules import MemberRules
from gateway.model.quotas import Quota

MORE, LESS, OTHER = "more", "less", "other"
WHOLE = "agreement"
# Gives the name of a member: record type and path, `Fee lines`.
Name = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: whether it allows more, less or is neither; the record type, or the whole."""

    verdict: str
    subject: str
    text: str

    def members(self) -> dict[str, str]:
        """Give it as JSON says it."""
        return {"verdict": self.verdict, "subject": self.subject, "text": self.text}


def differences(old: Agreement, new: Agreement, name: Name) -> list[Difference]:
    """Give every change from old to new: of the whole first, then by record type."""
    found = [Difference(verdict, WHOLE, text) for verdict, text in _whole(old, new)]
    for subject in sorted(old.grants.keys() | new.grants.keys()):
        before, after = old.grants.get(subject), new.grants.get(subject)
        if before is None or after is None:
            verdict = MORE if before is None else LESS
            told = "may be exchanged now" if before is None else "may be exchanged no more"
            found.append(Difference(verdict, subject, told))
            continue
        found += [
            Difference(verdict, subject, text) for verdict, text in _grant(before, after, name)
        ]
    return found


def _whole(old: Agreement, new: Agreement) -> Iterator[tuple[str, str]]:
    if old.corridor != new.corridor:
        yield OTHER, f"is of the corridor {new.corridor}, not of {old.corridor}"
    if old.test is not new.test:
        yield OTHER, f"is for {'test' if new.test else 'real'} records only"
    if old.valid_from != new.valid_from:
        verdict = MORE if new.valid_from < old.valid_from else LESS
        yield (
            verdict,
            f"begins at {write_instant(new.valid_from)}, before at {write_instant(old.valid_from)}",
        )
    if old.valid_to != new.valid_to:
        verdict = MORE if new.valid_to > old.valid_to else LESS
        yield (
            verdict,
            f"ends at {write_instant(new.valid_to)}, before at {write_instant(old.valid_to)}",
        )
    yield from _bases(old, new)
    for what, before, after in (
        ("title", old.title, new.title),
        ("clause on the recognition of signatures", old.recognition, new.recognition),
        ("list of national signatures", old.national_signatures, new.national_signatures),
        ("policy for time stamps", _stamps(old), _stamps(new)),
        ("policy for witnesses", _witnesses(old), _witnesses(new)),
    ):
        if before != after:
            yield OTHER, f"has another {what}"


def _stamps(one: Agreement) -> object:
    return one.stamps_required, one.stamp_authorities


def _witnesses(one: Agreement) -> object:
    return one.witnesses_needed, one.witness_states


def _bases(old: Agreement, new: Agreement) -> Iterator[tuple[str, str]]:
    for code in sorted(new.legal_bases.keys() - old.legal_bases.keys()):
        yield OTHER, f"stands on {code} too: {_words(new.legal_bases[code].title)}"
    for code in sorted(old.legal_bases.keys() - new.legal_bases.keys()):
        yield OTHER, f"stands no more on {code}: {_words(old.legal_bases[code].title)}"
    for code in sorted(old.legal_bases.keys() & new.legal_bases.keys()):
        if old.legal_bases[code] != new.legal_bases[code]:
            yield OTHER, f"tells title, date, article or source of {code} differently"


def _grant(old: Grant, new: Grant, name: Name) -> Iterator[tuple[str, str]]:
    yield from _listed("the schema version", map(str, old.versions), map(str, new.versions))
    yield from _listed("the direction", old.directions, new.directions)
    yield from _listed("the purpose", old.purposes, new.purposes)
    for purpose in sorted(old.purposes.keys() & new.purposes.keys()):
        before, after = old.purposes[purpose], new.purposes[purpose]
        if before != after:
            yield (
                OTHER,
                f"the purpose {purpose} stands on {', '.join(after)}, not {', '.join(before)}",
            )
    yield from _authorities(old, new)
    yield from _member_rules(old, new, lambda path: f"“{name(new.record_type, path)}” ({path})")
    yield from _number("the highest sensitivity", old.sensitivity_cap, new.sensitivity_cap, "")
    if old.consent_required is not new.consent_required:
        told = "now" if new.consent_required else "no more"
        yield LESS if new.consent_required else MORE, f"the person's consent is required {told}"
    yield from _number("may be kept", old.retention_days, new.retention_days, " days")
    yield from _number("must arrive within", old.relay_hours, new.relay_hours, " hours")
    yield from _number("must be taken within", old.handover_hours, new.handover_hours, " hours")
    if old.notice_days != new.notice_days:
        days = new.notice_days
        told = "need not be told" if days is None else f"is told within {days} days"
        yield OTHER, f"the person {told}"
    yield from _quotas(old.quotas, new.quotas)
    if old.extract != new.extract:
        verdict = MORE if old.extract is None else LESS if new.extract is None else OTHER
        yield verdict, "what may be kept in the extract for cases and statistics has changed"


def _authorities(old: Grant, new: Grant) -> Iterator[tuple[str, str]]:
    if old.authorities is None and new.authorities is not None:
        yield LESS, f"only {', '.join(sorted(new.authorities))} may send"
    elif old.authorities is not None and new.authorities is None:
        yield MORE, "every authority that the directory gives the right may send"
    elif old.authorities is not None and new.authorities is not None:
        yield from _listed("sending by", old.authorities, new.authorities)


def _member_rules(old: Grant, new: Grant, told: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    before, after = old.members, new.members
    if before.allowed is None and after.allowed is not None:
        yield LESS, f"only these members travel: {', '.join(map(told, sorted(after.allowed)))}"
    elif before.allowed is not None and after.allowed is None:
        yield MORE, "all members travel that are not withheld"
    elif before.allowed is not None and after.allowed is not None:
        for path in sorted(after.allowed - before.allowed):
            yield MORE, f"{told(path)} travels now"
        for path in sorted(before.allowed - after.allowed):
            yield LESS, f"{told(path)} travels no more"
    for path in sorted(after.withheld - before.withheld):
        yield LESS, f"{told(path)} is withheld now"
    for path in sorted(before.withheld - after.withheld):
        yield MORE, f"{told(path)} is withheld no more"
    yield from _masks(before, after, told)


def _masks(
    before: MemberRules, after: MemberRules, told: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    for path in sorted(before.masked.keys() | after.masked.keys()):
        one, other = before.masked.get(path), after.masked.get(path)
        if one == other:
            continue
        if other is None:
            yield MORE, f"{told(path)} is masked no more"
        elif one is None:
            yield LESS, f"{told(path)} travels masked ({mask_words(other)})"
        else:
            yield OTHER, f"{told(path)} is masked otherwise ({mask_words(other)})"


def mask_words(mask: Mask) -> str:
    """Say a masking rule in words."""
    return {
        "keep-last": f"only the last {mask.keep} characters stay",
        "replace": f"replaced by “{mask.text}”",
        "year": "only the year stays",
    }[mask.rule]


def quota_words(quota: Quota) -> str:
    """Say what a quota counts, without its limit."""
    each = "each authority" if quota.each == "authority" else "all authorities together"
    where = f" {quota.direction}" if quota.direction else ""
    return f"records a {quota.window}{where}, {each}"


def _quotas(old: tuple[Quota, ...], new: tuple[Quota, ...]) -> Iterator[tuple[str, str]]:
    before = {quota_words(one): one.limit for one in old}
    after = {quota_words(one): one.limit for one in new}
    for words in sorted(before.keys() | after.keys()):
        one, other = before.get(words), after.get(words)
        if one is None:
            yield LESS, f"at most {other} {words}"
        elif other is None:
            yield MORE, f"the limit of {one} {words} is gone"
        elif one != other:
            yield MORE if other > one else LESS, f"at most {other} {words}, before {one}"


def _listed(what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[tuple[str, str]]:
    before, after = set(old), set(new)
    for one in sorted(after - before):
        yield MORE, f"{what} {one} is allowed now"
    for one in sorted(before - after):
        yield LESS, f"{what} {one} is allowed no more"


def _number(what: str, old: int, new: int, unit: str) -> Iterator[tuple[str, str]]:
    if old != new:
        yield MORE if new > old else LESS, f"{what} {new}{unit}, before {old}{unit}"


def _words(words: Words) -> str:
    return words.get("en") or next(iter(words.values()))
