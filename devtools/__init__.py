"""Tools for the people who work on this code; nothing here is installed or served."""
