"""Promised frames: columns, key and row rules, checked where a frame crosses a room."""
