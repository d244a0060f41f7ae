"""The commands of `etalage`: each module parses, calls and prints; heavy imports wait until they are needed."""
