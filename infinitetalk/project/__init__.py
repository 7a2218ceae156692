"""The project file, and the folder of a job: chunks as build targets, safe against any crash."""
