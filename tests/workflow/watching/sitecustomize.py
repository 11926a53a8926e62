"""Writes down the files that a Python process opens; put in front of PYTHONPATH by a test.

One file per process in the folder that WATCHED_FILES names: a line per file, read or written; at
its end the modules that it has imported, and for a job of Snakemake what its rule declares.
"""

import atexit
import json
import os
import sys

_descriptor = os.open(
    os.path.join(os.environ["WATCHED_FILES"], f"{os.getpid()}.jsonl"),
    os.O_WRONLY | os.O_CREAT | os.O_APPEND,
)
_WRITING = os.O_WRONLY | os.O_RDWR


def _note(**found):
    os.write(_descriptor, (json.dumps(found) + "\n").encode())


def _hook(event, arguments):
    if event != "open" or not isinstance(arguments[0], str | bytes):
        return
    path, mode, flags = arguments
    writes = bool(flags & _WRITING) if isinstance(flags, int) else "r" not in (mode or "r")
    _note(path=os.path.abspath(os.fsdecode(path)), writes=writes)


def _at_the_end():
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    # torch has modules that tell of files that are not there.
    _note(modules=[os.path.abspath(file) for file in files if file and os.path.isfile(file)])
    job = getattr(sys.modules.get("__main__"), "snakemake", None)
    if job is not None:
        _note(
            rule=job.rule,
            inputs=[os.path.abspath(path) for path in job.input],
            outputs=[os.path.abspath(path) for path in (*job.output, *job.log)]
            + ([os.path.abspath(job.bench_file)] if getattr(job, "bench_file", None) else []),
        )


atexit.register(_at_the_end)
sys.addaudithook(_hook)
