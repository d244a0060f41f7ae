"""Making the artefact: base encoder, trimming, fine-tuning, heads. Needs the optional extra `train`."""
