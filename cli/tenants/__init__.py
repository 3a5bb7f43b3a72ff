"""Tenants of a deployment, as an operator adds, changes and removes them."""
