"""The page of figures for people who do not write SQL: what it reads, says and draws, in Dutch."""
