"""Returns each input as the output of the same name: a command of the batch job API."""

import json
import os
import time
from pathlib import Path

# Values of outputs whose input is missing.
ABSENT = {
    "objectInput": b"null",
    "arrayInput": b"[]",
    "binaryInput": b"",
    "boundingBoxInput": b"-180,-90,180,90",
}


def corners(box):
    """The lower corner, then the upper one, in the order of CRS84: longitude, latitude."""
    lower, upper = box["lower"], box["upper"]
    if "EPSG" in box["crs"]:
        lower, upper = ([corner[1], corner[0], *corner[2:]] for corner in (lower, upper))
    return ",".join(json.dumps(coordinate) for coordinate in [*lower, *upper])


def content(value):
    if value["kind"] == "complex":
        return Path(value["path"]).read_bytes()
    if value["kind"] == "bounding-box":
        return corners(value).encode()
    return value["value"].encode()


def main():
    inputs = json.loads(Path(os.environ["WPS_INPUTS"]).read_text("utf-8"))
    requested = json.loads(Path(os.environ["WPS_OUTPUTS_REQUESTED"]).read_text("utf-8"))
    outputs = Path(os.environ["WPS_OUTPUT_DIR"])

    pause = int(inputs["pause"][0]["value"])
    for second in range(pause):
        print(f"PROGRESS {second * 100 // pause} paused for {second} of {pause} s", flush=True)
        time.sleep(1)

    for output in requested:
        name = output["identifier"]
        value = content(inputs[name][0]) if name in inputs else ABSENT[name]
        (outputs / name).write_bytes(value)
    print("PROGRESS 100 done", flush=True)


main()
