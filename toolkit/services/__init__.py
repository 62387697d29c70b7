"""One function per thing a person does: collect, write, journal."""
