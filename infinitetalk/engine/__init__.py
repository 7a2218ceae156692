"""Request -> job -> events. Importing it, and preparing a job, needs no torch."""
