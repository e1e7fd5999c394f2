"""The pages and their data: app factory, errors, security; one blueprint per audience."""
