"""What the tests of the staff side need, beside `tests.factories`."""
