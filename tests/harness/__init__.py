"""The strictness of the tests: what a page, a template, a query or a socket may not do while a test runs."""
