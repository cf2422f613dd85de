"""Patients: their form, their readers, and the three-valued check of rules against them."""
