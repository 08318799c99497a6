"""English words for every warning; the console's catalogue adds the other languages."""

WARNINGS: dict[str, str] = {
    "AMOUNT-SCALED": "The sum was told in thousands or millions; it is written out in units",
    "CODE-LIST-ASSUMED": "The code is outside its list and was told by its label",
    "CODE-NOT-IN-LIST": "The list has no such code, or is not known itself; the code is kept",
    "CODE-UNMAPPED": "The code has no known table; the native code is kept or listed as residue",
    "DATE-ORDER-ASSUMED": "The date was read day first, though both orders are possible",
    "DEFAULT-LAYOUT-USED": "No own layout of the recipient's country can carry the record",
    "DOCUMENT-NUMBER-UNUSUAL": "The document number is not built as its state's usual numbers",
    "EMPTY-ANSWER": "The file is an answer without records",
    "EXTENSION-NUMBER-ASSUMED": "The permit is extended; the number of extensions was taken as 1",
    "FEE-PAYER-ASSUMED": "The fee names no payer; the worker is assumed",
    "FR-FEE": "The worker pays a recruitment fee or related cost",
    "FR-SEX-REQUIRED": "The vacancy demands a sex",
    "ID-CHECK-FAILED": "The identifier of another country fails its check",
    "ID-DOB-MISMATCH": "The identifier spells another birth date than the field",
    "ID-SEX-MISMATCH": "The identifier spells another sex than the field",
    "IDENTIFIER-SCHEME-UNKNOWN": "The number fits no known scheme, or more than one",
    "LAYOUT-CANNOT-CARRY": "The recipient's layout cannot carry the record; common XML was made",
    "MEMBER-MASKED": "The agreement lets the value travel masked; the origin holds it whole",
    "MEMBER-MISSING": "A usual member is missing",
    "MRZ-CHECK-FAILED": "The machine-readable zone is damaged or has a wrong check digit",
    "MRZ-MISMATCH": "The machine-readable zone spells something else than the member",
    "NAME-DEGRADED": "Letters of the name were lost in the source and are not restored",
    "NAME-LATIN-DISAGREES": "No part of the Latin name can be a spelling of the Cyrillic one",
    "NAME-NOT-SPLIT": "The whole name stands in one field, since its parts are not known",
    "NATIVE-SIGNATURE-NOT-CHECKED": "A national signature is present and was not checked",
    "PHONE-LOST": "A spreadsheet destroyed the telephone number",
    "SCRIPT-SUBSTITUTED": "The field of one script holds text of another, as given",
    "SEX-CODE-ASSUMED": "The sex was given as a number without a list; 1 is taken as male",
    "TIN-PADDED": "Leading zeros of the taxpayer number were restored",
}


def warning_text(code: str) -> str:
    """The English text of a warning code."""
    return WARNINGS[code]
