"""A session of OWSLib with a service. Prints what OWSLib understood, as one JSON object.

Usage: owslib_session.py ENDPOINT FOLDER
"""

import base64
import json
import logging
import sys
from pathlib import Path

import owslib
from owslib.ows import ExceptionReport
from owslib.util import ServiceException
from owslib.wps import (
    ASYNC,
    SYNC,
    ComplexDataInput,
    WebProcessingService,
    monitorExecution,
)

logging.disable(logging.CRITICAL)
endpoint, folder = sys.argv[1], Path(sys.argv[2])


def connect(**options):
    return WebProcessingService(endpoint, skip_caps=True, **options)


def capabilities():
    wps = connect()
    wps.getcapabilities()
    return {
        "title": wps.identification.title,
        "version": wps.identification.version,
        "provider": wps.provider.name,
        "operations": [operation.name for operation in wps.operations],
        "methods": sorted(method["type"] for method in wps.operations[0].methods),
        "languages": [wps.languages.default, wps.languages.supported],
        "processes": [
            [process.identifier, process.title, process.processVersion]
            for process in wps.processes
        ],
    }


def description():
    process = connect().describeprocess("echo")
    return {
        "identifier": process.identifier,
        "storeSupported": process.storeSupported,
        "statusSupported": process.statusSupported,
        "inputs": {
            data.identifier: {
                "type": data.dataType,
                "occurs": [data.minOccurs, data.maxOccurs],
                "default": default_of(data),
                "anyValue": data.anyValue,
                "supported": [value.mimeType for value in data.supportedValues]
                if data.dataType == "ComplexData"
                else [],
            }
            for data in process.dataInputs
        },
        "outputs": {output.identifier: output.dataType for output in process.processOutputs},
    }


def default_of(data):
    return data.defaultValue.mimeType if data.dataType == "ComplexData" else data.defaultValue


def all_descriptions():
    return [process.identifier for process in connect().describeprocess("all")]


def inputs(message="hello", **others):
    return [("message", message)] + [(name, value) for name, value in others.items()]


def asynchronous():
    execution = connect(language="en-US").execute(
        "echo",
        inputs(repeat="2", delaySeconds="0.5"),
        output=[("result", True, "application/json")],
        mode=ASYNC,
    )
    statuses = [execution.status]
    while not execution.isComplete():
        execution.checkStatus(sleepSecs=0.05)
        statuses.append(execution.status)
    path = folder / "result.json"
    execution.getOutput(str(path))
    [output] = execution.processOutputs
    return {
        "statuses": [status for n, status in enumerate(statuses) if status not in statuses[:n]],
        "percent": execution.percentCompleted,
        "mimeType": output.mimeType,
        "fileName": output.fileName,
        "content": json.loads(path.read_text()),
    }


def monitored():
    execution = connect().execute("echo", inputs("h\u00e9llo"), output="result", mode=ASYNC)
    path = folder / "monitored.txt"
    monitorExecution(execution, sleepSecs=0.05, download=True, filepath=str(path))
    return {"status": execution.status, "content": path.read_text("utf-8").strip()}


def synchronous():
    execution = connect().execute(
        "echo",
        inputs("a < b", document=ComplexDataInput('{"c": "<d>"}', mimeType="application/json")),
        output=[("result", False, None), ("length", False, None)],
        mode=SYNC,
    )
    return {
        "status": execution.status,
        "statusLocation": execution.statusLocation,
        "data": {output.identifier: output.data for output in execution.processOutputs},
    }


def without_response_form():
    execution = connect().execute("echo", inputs(), mode=SYNC)
    return [output.identifier for output in execution.processOutputs]


def all_outputs_stored():
    execution = connect().execute("echo", inputs(), output=[], mode=ASYNC)
    monitorExecution(execution, sleepSecs=0.05)
    return [execution.status, [output.identifier for output in execution.processOutputs]]


def lineage():
    execution = connect().execute(
        "echo", inputs(repeat="2"), output=[("length", False)], mode=SYNC, lineage=True
    )
    return {data.identifier: data.data for data in execution.dataInputs}


def failed_job():
    document = ComplexDataInput(
        base64.b64encode(b"\xff\xfe").decode(), mimeType="text/plain", encoding="base64"
    )
    execution = connect().execute("echo", inputs(document=document), output="result", mode=ASYNC)
    monitorExecution(execution, sleepSecs=0.05)
    [error] = execution.errors
    return {"status": execution.status, "code": error.code, "text": error.text}


def refused(*arguments, **options):
    try:
        connect(**options).execute(*arguments, output="result", mode=ASYNC)
    except (ServiceException, ExceptionReport) as error:
        return str(error)
    return None


steps = [
    capabilities,
    description,
    all_descriptions,
    asynchronous,
    monitored,
    synchronous,
    without_response_form,
    all_outputs_stored,
    lineage,
    failed_job,
]
understood = {step.__name__: step() for step in steps}
understood["refused"] = {
    "value": refused("echo", inputs(repeat="9")),
    "process": refused("nothing", inputs()),
    "no inputs": refused("echo", []),
    "language": refused("echo", inputs(), language="de"),
}
understood["owslib"] = owslib.__version__
print(json.dumps(understood))
