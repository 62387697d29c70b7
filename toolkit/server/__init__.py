"""The launcher of the pages: who is signed in, what they may fetch, and whose kernel it is."""
