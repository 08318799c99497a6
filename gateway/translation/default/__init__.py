"""The generated default layout of every record type: table, workbook and JSON, for any country."""
