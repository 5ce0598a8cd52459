"""Statistics of one column of a table. Its inputs and outputs are described in process.yaml."""

import csv
import json

from wps_process import UserError, run


def numbers(path, column):
    with open(path, newline="", encoding="utf-8-sig") as table:
        rows = csv.DictReader(table)
        names = rows.fieldnames or []
        if column not in names:
            raise UserError(
                f'Input "column" is "{column}"; allowed: the columns of the table, {", ".join(names)}.'
            )
        for line, row in enumerate(rows, start=2):
            text = (row[column] or "").strip()
            if not text:
                continue
            try:
                yield float(text)
            except ValueError:
                raise UserError(
                    f'Input "table" has "{text}" in column "{column}" of line {line}; allowed: numbers.'
                ) from None


def main(job):
    job.progress(10, "reading the table")
    found = list(numbers(job.path("table"), job.text("column")))
    if not found:
        raise UserError('Input "table" has no number in that column; allowed: at least one.')
    mean = sum(found) / len(found)
    if job.wants("summary"):
        summary = {"count": len(found), "least": min(found), "greatest": max(found), "mean": mean}
        job.write("summary", json.dumps(summary, indent=2) + "\n", filename="summary.json")
    if job.wants("mean"):
        job.write("mean", mean)


run(main)
