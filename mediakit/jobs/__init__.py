"""What there is to do, doing it, and doing many."""
