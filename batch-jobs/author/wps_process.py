"""Reads the inputs of a process, reports progress and writes its outputs. One file without
dependencies, for Python 3.9 and newer: copy it beside your program.

    from wps_process import UserError, run

    def main(job):
        name = job.text("name")
        if not name.isprintable():
            raise UserError('Input "name" has characters that cannot be printed.')
        job.progress(50, "greeting")
        job.write("greeting", f"Hello, {name}!")

    run(main)

It follows the contract in docs/batch-job-api.md. A program may also follow the contract without it.
"""

import json
import os
import sys
import traceback
from pathlib import Path

__all__ = ["Job", "UserError", "run"]

#: Exit code for a request at fault: the job fails at once and is not retried.
REQUEST_FAULT = 64


class UserError(Exception):
    """The request is at fault. Its text is what the user reads: say what was asked, what was found
    and what is allowed. Begin it with `Input "<identifier>"` to name the input at fault."""


class Job:
    """One run of a process: its inputs, the outputs that are wanted, and where to leave them."""

    def __init__(self, inputs, outputs, folder):
        self._inputs = inputs
        self._outputs = {output["identifier"]: output.get("mimeType") for output in outputs}
        self._folder = Path(folder)

    # Inputs. Each method takes an identifier; `default` is the result for a missing optional input.

    def values(self, name):
        """Every value of an input as in the contract, a list of dictionaries; empty when missing."""
        return self._inputs.get(name, [])

    def text(self, name, default=None):
        """A literal as text."""
        value = self._first(name)
        return default if value is None else value["value"]

    def texts(self, name):
        """Every value of a literal that may be given several times."""
        return [value["value"] for value in self.values(name)]

    def integer(self, name, default=None):
        """A literal of type integer."""
        text = self.text(name)
        return default if text is None else int(text)

    def number(self, name, default=None):
        """A literal of type double."""
        text = self.text(name)
        return default if text is None else float(text.replace("INF", "inf"))

    def boolean(self, name, default=None):
        """A literal of type boolean."""
        text = self.text(name)
        return default if text is None else text.lower() in ("true", "1")

    def unit(self, name):
        """The unit of measure of a literal, or None."""
        value = self._first(name)
        return None if value is None else value.get("uom")

    def path(self, name, default=None):
        """A complex value as the path of a file."""
        value = self._first(name)
        return default if value is None else Path(value["path"])

    def paths(self, name):
        """Every value of a complex input that may be given several times."""
        return [Path(value["path"]) for value in self.values(name)]

    def media_type(self, name):
        """The media type of a complex value, or None when it is missing."""
        value = self._first(name)
        return None if value is None else value["mimeType"]

    def box(self, name, default=None):
        """A bounding box as (lower corner, upper corner, coordinate reference system)."""
        value = self._first(name)
        if value is None:
            return default
        return tuple(value["lower"]), tuple(value["upper"]), value["crs"]

    # Outputs.

    def wants(self, name):
        """Whether the client asked for an output. Do no work for one that it did not ask for."""
        return name in self._outputs

    def format(self, name):
        """The media type that a complex output is wanted in, or None."""
        return self._outputs.get(name)

    def output_path(self, name, filename=None):
        """Where to write an output. `filename` is what a browser saves it as."""
        if filename is not None:
            (self._folder / f"{name}.filename").write_text(filename, "utf-8")
        return self._folder / name

    def write(self, name, content, filename=None):
        """Writes an output: text, bytes, numbers, booleans, or a box as (lower, upper)."""
        path = self.output_path(name, filename)
        if isinstance(content, (bytes, bytearray)):
            path.write_bytes(content)
        elif isinstance(content, bool):
            path.write_text("true" if content else "false", "utf-8")
        elif isinstance(content, tuple) and len(content) == 2:
            path.write_text(",".join(str(value) for corner in content for value in corner), "utf-8")
        else:
            path.write_text(str(content), "utf-8")

    # Progress.

    def progress(self, percent, message=""):
        """Reports how far the job is, from 0 to 100, with a message for the user."""
        words = " ".join(str(message).split())
        # In this order, NaN counts as 0, and infinity as 0 or 100.
        whole = int(min(100, max(0, percent)))
        print(f"PROGRESS {whole} {words}".rstrip(), flush=True)

    def _first(self, name):
        values = self.values(name)
        return values[0] if values else None


def run(main):
    """Runs `main(job)` and ends the program as the contract requires: 0 when it returns, 64 for a
    `UserError`, and 1 for any other exception, whose traceback goes to the log."""
    # In any locale, text that its encoding cannot represent must not end the job.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        main(
            Job(
                json.loads(Path(os.environ["WPS_INPUTS"]).read_text("utf-8")),
                json.loads(Path(os.environ["WPS_OUTPUTS_REQUESTED"]).read_text("utf-8")),
                os.environ["WPS_OUTPUT_DIR"],
            )
        )
    except UserError as error:
        words = " ".join(str(error).split()) or "The request is at fault."
        sys.stderr.write(f"ERROR {words}\n")
        sys.exit(REQUEST_FAULT)
    except MemoryError:
        sys.stderr.write("ERROR The process ran out of memory. Ask for less.\n")
        sys.exit(1)
    except Exception as error:
        traceback.print_exc()
        words = " ".join(str(error).split()) or type(error).__name__
        sys.stderr.write(f"ERROR {type(error).__name__}: {words}\n")
        sys.exit(1)
