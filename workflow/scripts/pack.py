from phase_diagram.workflow.jobs import job

job.run("pack", snakemake)  # noqa: F821
