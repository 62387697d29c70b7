"""Pure rules: frames and the law's terms in, frames out. No files, no clock, no store."""
