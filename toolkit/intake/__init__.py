"""CSV and XLSX into promised frames, with all findings at once."""
