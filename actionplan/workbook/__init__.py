"""A plan as a workbook: a sheet for each kind of row, the same on its way out and in."""
