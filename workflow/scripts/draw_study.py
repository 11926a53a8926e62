from phase_diagram.workflow.jobs import job

job.run("draw_study", snakemake)  # noqa: F821
