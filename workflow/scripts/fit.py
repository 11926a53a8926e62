from phase_diagram.workflow.jobs import job

job.run("fit", snakemake)  # noqa: F821
