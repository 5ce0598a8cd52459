"""{{title}}. Its inputs and outputs are described in process.yaml."""

from wps_process import run


def main(job):
    name = job.text("name")
    lines = []
    times = job.integer("times", 1)
    for done in range(times):
        lines.append(f"Hello, {name}!")
        job.progress(100 * (done + 1) // times, f"greeting {done + 1} of {times}")
    job.write("greeting", "\n".join(lines) + "\n")


run(main)
