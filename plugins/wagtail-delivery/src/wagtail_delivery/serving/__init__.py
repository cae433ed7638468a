"""Answers kept in memory, and the process that serves nothing else; imports the API."""
