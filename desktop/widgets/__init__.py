"""Controls that know nothing of this program's documents."""
