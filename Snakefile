# From params.yaml to the figures. Each file of workflow/rules also runs by itself, with -s.


# What `snakemake --report` shows first.
report: "workflow/report/overview.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/fit.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/studies.smk"
include: "workflow/rules/study_figures.smk"
include: "workflow/rules/explorer.smk"


rule all:
    default_target: True
    input:
        PLAN.final_results(),
