"""Running a job over many documents."""
