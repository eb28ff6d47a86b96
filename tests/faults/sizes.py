"""How much is tried: a part of it all unless told otherwise; `./run faults` tries the full size."""

from __future__ import annotations

import os

from django.db import connection

PART = 1 if connection.vendor == "postgresql" else 10
"""SQLite, where all who write stand in one queue, gets a tenth of what production's database gets."""

REPORTS = int(os.environ.get("FAULTS_REPORTS", "400")) // PART
"""So many are saved by all together; FAULTS_REPORTS=10000 is the full size."""

KILLS = int(os.environ.get("FAULTS_KILLS", "20")) // PART
"""So many servers are killed while they write; FAULTS_KILLS=200 is the full size."""

FILES = int(os.environ.get("FAULTS_FILES", "100"))
"""So many damaged files of each kind are read; FAULTS_FILES=1000 is the full size."""

KILLS_WHILE_PUBLISHING = max(KILLS // 4, 2)
"""Fewer, since every edition that comes of it costs a PDF."""

IMPORTED_ROWS = int(os.environ.get("FAULTS_IMPORTED", "200"))
"""In a file whose import is killed; FAULTS_IMPORTED=2000 is the full size."""

KILLS_WHILE_IMPORTING = max(KILLS // 10, 2)

ARCHIVED_ACTIVITIES = int(os.environ.get("FAULTS_ARCHIVED", "1000"))
"""In a portal that is written out; FAULTS_ARCHIVED=100000 is the full size."""

KILLS_WHILE_ARCHIVING = max(KILLS // 10, 2)

EXPORTED = int(os.environ.get("FAULTS_EXPORTED", "10000"))
"""Activities in an export of open data; FAULTS_EXPORTED=100000 is the full size."""
