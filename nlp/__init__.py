"""Everything about language: text and bio in, `Annotation` out."""
