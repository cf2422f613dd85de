"""The commands, one module a family: parse, call, print; `critextract.cli` gathers them."""
