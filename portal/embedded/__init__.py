"""Runs the portal on one machine: PostgreSQL and Redis of the wheels on private sockets, web, worker and beat."""
