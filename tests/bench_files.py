"""What tables cost to write, and to read in the process of their own."""

from __future__ import annotations

import time

from tests.bench_documents import measured

SIZES = ((100, 10), (2_000, 20), (5_000, 60))
"""Rows and columns, half of them texts and half numbers; the last is as much as is read."""


def bench_files() -> None:
    from exchange.reading import read
    from exchange.writing import ColumnLook, Table, csv_file, xlsx

    print(
        f"\n{'file':<6}{'rows':>6}{'columns':>9}{'bytes':>10}{'written':>9}"
        f"{'seconds':>9}{'of core':>9}{'MB':>8}"
    )
    for rows, columns in SIZES:
        looks = tuple(ColumnLook(f"Kolumn {column}", is_text=column % 2 == 0) for column in range(columns))
        cells = [
            [f"Åtgärd {row}.{column}" if column % 2 == 0 else row * column for column in range(columns)]
            for row in range(rows)
        ]
        table = Table("Blad", looks, cells)
        for kind in ("xlsx", "csv"):
            began = time.process_time()
            content = xlsx([table]) if kind == "xlsx" else csv_file(table)
            written = time.process_time() - began

            def reading(content: bytes = content) -> bytes:
                read(content, "Blad.csv")
                return content

            cost = measured(reading)[1]
            print(f"{kind:<6}{rows:>6}{columns:>9}{len(content):>10}{written:>9.2f}{cost}")
