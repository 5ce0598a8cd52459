// Written by `npm run build` from the process files in batch-jobs/ and in processes.folders; do not edit.
import type { ProcessDescription } from './api/process-description.ts';

export const describedProcesses: readonly ProcessDescription[] = [
  {
    "identifier": "echo",
    "title": "Echo",
    "abstract": "Returns the message, as often and as late as requested, with the document if one is sent. For trying a client or an installation.",
    "version": "1.0.0",
    "inputs": [
      {
        "kind": "literal",
        "identifier": "message",
        "title": "Message",
        "abstract": "The text to give back.",
        "minOccurs": 1,
        "maxOccurs": 1,
        "dataType": "string"
      },
      {
        "kind": "literal",
        "identifier": "repeat",
        "title": "Repeat",
        "abstract": "How many times the message is given back, one line each.",
        "minOccurs": 0,
        "maxOccurs": 1,
        "dataType": "integer",
        "default": "1",
        "allowedValues": [
          {
            "minimum": "1",
            "maximum": "5"
          }
        ]
      },
      {
        "kind": "literal",
        "identifier": "delaySeconds",
        "title": "Delay",
        "abstract": "How long to wait first; progress is reported meanwhile.",
        "minOccurs": 0,
        "maxOccurs": 1,
        "dataType": "double",
        "uoms": [
          "s"
        ],
        "default": "0",
        "allowedValues": [
          {
            "minimum": "0",
            "maximum": "60"
          }
        ]
      },
      {
        "kind": "complex",
        "identifier": "document",
        "title": "Document",
        "abstract": "Given back after the message.",
        "minOccurs": 0,
        "maxOccurs": 1,
        "formats": [
          {
            "mimeType": "application/json",
            "extension": ".json"
          },
          {
            "mimeType": "text/xml",
            "extension": ".xml"
          },
          {
            "mimeType": "text/plain",
            "extension": ".txt"
          }
        ],
        "maximumMegabytes": 1
      }
    ],
    "outputs": [
      {
        "kind": "complex",
        "identifier": "result",
        "title": "Result",
        "abstract": "The message, with the document if one was sent.",
        "formats": [
          {
            "mimeType": "text/plain",
            "extension": ".txt"
          },
          {
            "mimeType": "application/json",
            "extension": ".json"
          },
          {
            "mimeType": "text/xml",
            "extension": ".xml"
          }
        ]
      },
      {
        "kind": "literal",
        "identifier": "length",
        "title": "Length",
        "abstract": "Number of characters of the message.",
        "dataType": "integer"
      }
    ],
    "job": {
      "image": "echo",
      "command": [
        "python3",
        "{process}/echo.py"
      ],
      "queue": "small",
      "vcpus": 1,
      "memoryMiB": 256,
      "scratchGiB": 1,
      "timeoutSeconds": 180,
      "attempts": 2,
      "environment": {
        "PYTHONDONTWRITEBYTECODE": "1"
      }
    }
  }
];
