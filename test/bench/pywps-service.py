"""A PyWPS service with the same process `echo`, for comparison. gunicorn runs it as `pywps-service:application`."""

import os

from pywps import LiteralInput, LiteralOutput, Process, Service, configuration

folder = os.environ["PYWPS_FOLDER"]


class Echo(Process):
    def __init__(self):
        super().__init__(
            self._handler,
            identifier="echo",
            title="Echo",
            version="1.0.0",
            inputs=[LiteralInput("message", "Message", data_type="string")],
            outputs=[LiteralOutput("result", "Result", data_type="string")],
            store_supported=True,
            status_supported=True,
        )

    def _handler(self, request, response):
        response.outputs["result"].data = request.inputs["message"][0].data
        return response


configuration.load_configuration()
for key, value in {
    "maxprocesses": "100000",
    "parallelprocesses": "2",
    "outputpath": folder,
    "workdir": folder,
    "outputurl": "http://127.0.0.1/outputs",
}.items():
    configuration.CONFIG.set("server", key, value)
configuration.CONFIG.set("logging", "level", "ERROR")
configuration.CONFIG.set("logging", "database", f"sqlite:///{folder}/log.sqlite")
application = Service(processes=[Echo()])
