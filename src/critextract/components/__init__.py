"""The stages of the pipeline: one module each, patterns first, then functions, then a component."""
