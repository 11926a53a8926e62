# From params.yaml to the figures. Each file of workflow/rules also runs by itself, with -s.


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/fit.smk"
include: "workflow/rules/figures.smk"


rule all:
    default_target: True
    input:
        expand(
            (plan.SWEEP, plan.METRICS, plan.PNG, plan.PDF),
            experiment=PLAN.experiments,
        ),
