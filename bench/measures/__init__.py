"""Speed and size: each measure runs the real programs and stands beside its goal.

Law of this room: a measure starts what it measures as processes of its own, takes times
from one monotonic clock, and tells what it found. Nothing in here passes or fails: a
machine under load is slow, not wrong.
"""
