"""Tables that are written as workbooks; they are read from workbooks and CSV alike."""

from collections.abc import Sequence

from gateway.translation.layout import Tree
from gateway.translation.media.tables import Table
from gateway.translation.media.workbook_writing import EXTENSION, MEDIA_TYPE, workbook_of
from gateway.translation.reading import Stamp


class Sheet(Table):
    """A table whose ministry keeps it in a spreadsheet."""

    media_type = MEDIA_TYPE
    extension = EXTENSION

    def close(self, rows: Sequence[Tree], stamp: Stamp | None) -> bytes:
        """One sheet of texts: the heading, the rows, and the total if the layout has one."""
        return workbook_of(self.written(rows))
