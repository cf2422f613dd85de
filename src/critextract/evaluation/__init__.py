"""Predicted records against hand annotations: matching, scores, significance, agreement."""
