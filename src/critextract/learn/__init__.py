"""From annotated corpora to the models that ship."""
