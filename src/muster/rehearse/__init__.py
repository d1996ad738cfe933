"""Rehearsals: an example company, the attack on it, and the people who answer. Pure: a seed and a start are given.

`shop` is the company of the demo: its logs, the rules that watch them, and the script of a response.
May import: Pydantic, and what stands before it in the house.
"""
