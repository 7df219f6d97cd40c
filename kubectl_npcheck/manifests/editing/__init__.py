"""The parts of a byte-preserving edit; `manifests.edit` is their front door."""
