"""Everything about a source: client, paging, limits, price, and the way from its payload to a `Post`."""
