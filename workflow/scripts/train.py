from phase_diagram.workflow.jobs import job

job.run("train", snakemake, collect_garbage=True)  # noqa: F821
