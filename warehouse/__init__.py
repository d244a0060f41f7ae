"""Everything about DuckDB: the vault, loading, privacy, marts, checks, publishing, report."""
