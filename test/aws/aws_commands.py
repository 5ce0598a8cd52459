"""Compares calls of the AWS CLI with the models of AWS's services in botocore, which moto installs.

Reads a JSON list of calls, each a list of words. Prints a JSON list of the faults in them.
"""

import json
import sys

import botocore.session
from botocore import xform_name

# Commands that the CLI adds to the services' own operations.
ADDED = {
    ("logs", "tail"): {"since", "follow", "filter-pattern", "format"},
    ("s3", "sync"): {"delete", "dryrun"},
}
GLOBAL = {"query", "output", "region", "profile", "max-items", "name-query"}


def faults(words):
    _, service, operation, *arguments = words
    options = {word[2:].split("=")[0] for word in arguments if word.startswith("--")}
    known = ADDED.get((service, operation))
    if known is None:
        try:
            model = botocore.session.get_session().get_service_model("s3" if service == "s3api" else service)
        except botocore.exceptions.UnknownServiceError:
            return f"there is no service {service}"
        names = {xform_name(name, "-"): name for name in model.operation_names}
        if operation not in names:
            return f"{service} has no operation {operation}"
        shape = model.operation_model(names[operation]).input_shape
        known = {xform_name(member, "-") for member in shape.members} if shape else set()
        missing = {xform_name(member, "-") for member in shape.required_members} - options if shape else set()
        if missing:
            return f"{service} {operation} lacks {sorted(missing)}"
    unknown = options - known - GLOBAL
    return f"{service} {operation} has no {sorted(unknown)}" if unknown else None


found = [(words, faults(words)) for words in json.load(sys.stdin)]
print(json.dumps([" ".join(words) + ": " + fault for words, fault in found if fault]))
