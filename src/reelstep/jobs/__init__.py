"""The one job model that every pipeline shares."""
