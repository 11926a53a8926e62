from phase_diagram.workflow.jobs import job

job.run("study", snakemake, collect_garbage=True)  # noqa: F821
