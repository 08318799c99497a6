"""Codes of files that could not be read at all, in contrast to files whose content is refused."""

UNREADABLE = frozenset(
    {"xml.malformed", "xml.doctype", "xml.profile", "json.malformed", "json.duplicate-name"}
    | {"csv.malformed", "text.encoding", "layout.unknown", "layout.ambiguous"}
    | {"submission.too-large", "file.unreadable", "workbook.malformed", "workbook.unsafe"}
)
