"""What finance officers see: each page is a class that tells what it shows and what was clicked."""
