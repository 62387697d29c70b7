"""A report is a value: sheets, columns, figures and traces. Writers turn it into a workbook."""
