"""An agreement as a page for lawyers: one self-contained HTML file a language, made to be printed.

Words: `schemas/agreement/1/texts.csv` and the standard's labels; both marked reviewed or not.
"""

import csv
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from pathlib import Path

from gateway.agreements.names import member_name, type_name
from gateway.agreements.page_style import STYLE
from gateway.agreements.standing import Side, Standing
from gateway.catalogue.markup import code, heading, paragraph, table
from gateway.model.agreement import Agreement, Extract, Grant, Words
from gateway.model.agreement_text import LANGUAGES
from gateway.model.instants import write_instant
from gateway.model.masking import KEEP_LAST, REPLACE, Mask
from gateway.model.quotas import Quota

NAMES = {
    "en": "English",
    "kk": "Қазақша",
    "ky": "Кыргызча",
    "ru": "Русский",
    "tg": "Тоҷикӣ",
    "uz": "Oʻzbekcha",
}
# Gives a text of the page by its key, in the page's language.
Say = Callable[[str], str]


def page_name(terms: Agreement, language: str) -> str:
    """Give the file of a page: `KZ-UZ-v1.ru.html`."""
    return f"{terms.corridor}-v{terms.version}.{language}.html"


def page(
    schemas: Path,
    terms: Agreement,
    language: str,
    *,
    sha256: str,
    standing: Standing | None,
    at: str,
) -> str:
    """Give the page of one language; standing: None for a draft; at: the instant it is told for."""
    texts = texts_of_page(schemas)[language]

    def say(key: str) -> str:
        return texts.get(key, key.rpartition("/")[2])

    title = _words(terms.title, language)
    parts = [
        _languages(terms, language),
        f"<h1>{escape(say('heading'))} {escape(terms.corridor)}</h1>",
        paragraph(title, "lead"),
        "" if _reviewed(schemas) else paragraph(say("unreviewed"), "note"),
        paragraph(say("test"), "note") if terms.test else "",
        _facts(terms, say, sha256, standing, at),
        _bases(terms, say, language),
        heading(2, say("types")),
        *(_grant(schemas, one, say, language) for _, one in sorted(terms.grants.items())),
        _evidence(terms, say, language),
    ]
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(terms.corridor)} v{terms.version}</title>"
        f"<style>{STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def texts_of_page(schemas: Path) -> dict[str, dict[str, str]]:
    """Give the texts of the page by language and key; `purpose/CODE` names a purpose."""
    rows = _rows(schemas)
    return {language: {row["key"]: row[language] for row in rows} for language in LANGUAGES}


def _languages(terms: Agreement, language: str) -> str:
    links = [
        f'<b lang="{one}">{name}</b>'
        if one == language
        else f'<a lang="{one}" href="{page_name(terms, one)}">{name}</a>'
        for one, name in NAMES.items()
    ]
    return f"<nav>{' '.join(links)}</nav>"


def _facts(terms: Agreement, say: Say, sha256: str, standing: Standing | None, at: str) -> str:
    rows = [
        (say("corridor"), escape(" – ".join(terms.corridor.split("-")))),
        (say("version"), str(terms.version)),
        (say("valid"), f"{write_instant(terms.valid_from)} – {write_instant(terms.valid_to)}"),
        (say("digest"), code(sha256)),
    ]
    if standing is None:
        rows.append((say("standing"), escape(say("draft"))))
        return _list(rows)
    word = "in-force" if standing.in_force else "not-in-force"
    rows.append((say("standing"), f'<b class="{word}">{escape(say(word))} {at}</b>'))
    if standing.why:
        rows.append((say("why"), f'<span lang="en">{escape(standing.why)}</span>'))
    rows += [(one.state, _side(one, say)) for one in standing.sides]
    return _list(rows)


def _side(side: Side, say: Say) -> str:
    told = (
        f"{escape(say('lists'))} {code(side.sha256)}" if side.sha256 else escape(say("lists-not"))
    )
    if side.revoked:
        told += f"; {escape(say('revoked'))} {side.revoked}"
        told += f" ({escape(side.reason)})" if side.reason else ""
    word = side.signature.word.partition(":")[0]
    signed = "; ".join(filter(None, (side.signature.algorithm, side.signature.subject)))
    told += f"<br>{escape(say('signature'))}: <b>{escape(say(word))}</b>"
    return told + (f" ({escape(signed)})" if signed else "")


def _bases(terms: Agreement, say: Say, language: str) -> str:
    heads = [say(one) for one in ("code", "title", "date", "article", "source")]
    rows = [
        [
            f'<span id="basis-{escape(one.code)}">{code(one.code)}</span>',
            escape(_words(one.title, language)),
            escape(one.date),
            escape(one.article),
            escape(one.source),
        ]
        for one in terms.legal_bases.values()
    ]
    return heading(2, say("bases")) + table(heads, rows, "bases")


def _grant(schemas: Path, grant: Grant, say: Say, language: str) -> str:
    def member(path: str) -> str:
        return f"{escape(member_name(schemas, grant.record_type, path, language))} {code(path)}"

    rules = grant.members
    allowed = escape(say("all-members"))
    if rules.allowed is not None:
        allowed = _lines(map(member, sorted(rules.allowed)))
    authorities = say("any-authority")
    if grant.authorities is not None:
        authorities = ", ".join(sorted(grant.authorities))
    purposes = (
        f"{escape(say(f'purpose/{one}'))} {code(one)}: {', '.join(map(_basis, codes))}"
        for one, codes in grant.purposes.items()
    )
    masks = (f"{member(one)}: {_mask(mask, say)}" for one, mask in rules.masked.items())
    none = escape(say("none"))
    rows = [
        (say("direction"), escape(", ".join(sorted(grant.directions)))),
        (say("purposes"), _lines(purposes)),
        (say("authorities"), escape(authorities)),
        (say("members"), allowed),
        (say("withheld"), _lines(map(member, sorted(rules.withheld))) or none),
        (say("masked"), _lines(masks) or none),
        (say("sensitivity"), escape(say(f"level-{grant.sensitivity_cap}"))),
        (say("consent"), escape(say("required" if grant.consent_required else "not-required"))),
        (say("retention"), f"{grant.retention_days} {escape(say('days'))}"),
        (say("relay"), f"{grant.relay_hours} {escape(say('hours'))}"),
        (say("handover"), f"{grant.handover_hours} {escape(say('hours'))}"),
        (say("notice"), _days(grant.notice_days, say)),
        (say("quotas"), _lines(_quota(one, say) for one in grant.quotas) or none),
        (say("extract"), _extract(grant.extract, member, say) if grant.extract else none),
        (say("schema-version"), ", ".join(map(str, sorted(grant.versions)))),
    ]
    title = heading(3, type_name(schemas, grant.record_type, language), aside=grant.record_type)
    return f"<section>{title}{_list(rows)}</section>"


def _evidence(terms: Agreement, say: Say, language: str) -> str:
    stamps = ", ".join(terms.stamp_authorities) or say("none")
    if terms.stamps_required:
        stamps = f"{say('required')}: {stamps}"
    rows = [
        (say("witnesses"), escape(f"{terms.witnesses_needed} ({', '.join(terms.witness_states)})")),
        (say("stamps"), escape(stamps)),
        (say("recognition"), escape(_words(terms.recognition, language))),
    ]
    rows += [
        (f"{say('signature')}, {state}", escape(", ".join(algorithms)))
        for state, algorithms in terms.national_signatures.items()
    ]
    return heading(2, say("evidence")) + _list(rows)


def _mask(mask: Mask, say: Say) -> str:
    if mask.rule == KEEP_LAST:
        return f"{mask.keep} {escape(say(mask.rule))}"
    if mask.rule == REPLACE:
        return f"{escape(say(mask.rule))} “{escape(mask.text)}”"
    return escape(say(mask.rule))


def _quota(quota: Quota, say: Say) -> str:
    told = [f"{quota.limit} {say('a-day' if quota.window == 'day' else 'an-hour')}"]
    told += [quota.direction or "", say("each-authority") if quota.each == "authority" else ""]
    return escape(", ".join(filter(None, told)))


def _extract(extract: Extract, member: Callable[[str], str], say: Say) -> str:
    kept = f"{extract.retention_days} {escape(say('days'))}, {code(extract.key)}, "
    return _lines([*map(member, extract.members), kept + ", ".join(map(_basis, extract.bases))])


def _basis(name: str) -> str:
    return f'<a href="#basis-{escape(name)}">{escape(name)}</a>'


def _days(days: int | None, say: Say) -> str:
    return escape(say("none")) if days is None else f"{days} {escape(say('days'))}"


def _list(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{told}</dd>" for name, told in rows)
    return f"<dl>{cells}</dl>"


def _lines(told: Iterable[str]) -> str:
    return "<br>".join(told)


def _words(words: Words, language: str) -> str:
    # A title is quoted in the language of the page, else in one that both sides read.
    for one in (language, "ru", *LANGUAGES):
        if one in words:
            return words[one]
    return ""


@cache
def _reviewed(schemas: Path) -> bool:
    return all(row["reviewed"] == "yes" for row in _rows(schemas))


@cache
def _rows(schemas: Path) -> list[dict[str, str]]:
    file = schemas / "agreement" / "1" / "texts.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
