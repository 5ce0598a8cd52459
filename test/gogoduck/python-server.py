"""Runs the scripts of tests, each in a fork of this process, which has already loaded the modules that they
need: loading xarray takes a second, and a fork some milliseconds.

    python-server.py <requests> <answers>

Both are named pipes. A request is a line of JSON with a module, a script that needs it, and its arguments. The
answer is a line with the exit status and the output of the script. The process ends with its requests.
"""

import importlib
import json
import os
import sys
import tempfile
import traceback


def run(script, args, stdout, stderr):
    """Runs in the fork and never returns."""
    status = 1
    try:
        os.dup2(stdout.fileno(), 1)
        os.dup2(stderr.fileno(), 2)
        sys.argv = ["-c", *args]
        exec(compile(script, "<script>", "exec"), {"__name__": "__main__"})
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def answer(module, script, args):
    importlib.import_module(module)
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        child = os.fork()
        if child == 0:
            run(script, args, stdout, stderr)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        stdout.seek(0)
        stderr.seek(0)
        return {"status": status, "stdout": stdout.read(), "stderr": stderr.read()}


with open(sys.argv[1]) as requests, open(sys.argv[2], "w") as answers:
    for request in requests:
        print(json.dumps(answer(*json.loads(request))), file=answers, flush=True)
