from phase_diagram.workflow.jobs import job

job.run("page", snakemake)  # noqa: F821
