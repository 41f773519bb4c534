"""Measures and long proofs: what the product promises, counted on this machine.

Law of this room: it sits on top of everything and nobody imports it but tests. It uses
the real parts through their public doors; what it hands in (clocks, links, a store that
leaves marks) is written here, and nothing is patched.
"""
