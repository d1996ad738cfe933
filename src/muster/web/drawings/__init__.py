"""Drawings: SVG made from data by pure functions, readable without JavaScript, on paper and by screen readers."""
