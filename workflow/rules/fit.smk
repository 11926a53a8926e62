# Slopes, boundary and the numbers that sum them up.

if "PLAN" not in globals():

    include: "common.smk"


rule fits:
    input:
        expand(plan.METRICS, experiment=PLAN.experiments),


rule fit:
    input:
        settings=plan.settings("fit"),
        sweep=plan.SWEEP,
    output:
        slopes=plan.SLOPES,
        boundary=plan.BOUNDARY,
        metrics=plan.METRICS,
        made_from=plan.made_from("fit"),
    threads: 1
    params:
        code=plan.code("fit"),
    script:
        "../scripts/fit.py"
