"""What many tenants cost, and that none of them harms another."""
