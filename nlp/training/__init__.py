"""Making the artefact: base encoder, fine-tuning, heads. What imports torch or onnx needs the extra `train`."""
