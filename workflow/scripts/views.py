from phase_diagram.workflow.jobs import job

job.run("views", snakemake, collect_garbage=True)  # noqa: F821
