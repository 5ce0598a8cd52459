"""Returns its input: a command of the batch job API that is not written in JavaScript."""

import json
import os
import time
from pathlib import Path
from xml.sax.saxutils import escape


def literal(inputs, name):
    return inputs[name][0]["value"]


def wait(seconds):
    """Reports progress ten times while it waits."""
    for step in range(10):
        print(f"PROGRESS {step * 10} waiting", flush=True)
        time.sleep(seconds / 10)


def text(lines, document):
    return "\n".join(lines + ([document] if document is not None else [])) + "\n"


def as_json(lines, document):
    return json.dumps({"message": lines, "document": document}, ensure_ascii=False) + "\n"


def xml(lines, document):
    parts = [f"<message>{escape(line)}</message>" for line in lines]
    if document is not None:
        parts.append(f"<document>{escape(document)}</document>")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<echo>{"".join(parts)}</echo>\n'


writers = {"text/plain": text, "application/json": as_json, "text/xml": xml}


def main():
    inputs = json.loads(Path(os.environ["WPS_INPUTS"]).read_text("utf-8"))
    requested = json.loads(Path(os.environ["WPS_OUTPUTS_REQUESTED"]).read_text("utf-8"))
    outputs = Path(os.environ["WPS_OUTPUT_DIR"])

    message = literal(inputs, "message")
    document = None
    if "document" in inputs:
        document = Path(inputs["document"][0]["path"]).read_text("utf-8")

    delay = float(literal(inputs, "delaySeconds"))
    if delay > 0:
        wait(delay)

    lines = [message] * int(literal(inputs, "repeat"))
    for output in requested:
        name = output["identifier"]
        if name == "result":
            content = writers[output["mimeType"]](lines, document)
        else:
            content = str(len(message))
        (outputs / name).write_text(content, "utf-8")
    print("PROGRESS 100 done", flush=True)


main()
