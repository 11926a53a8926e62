# Prepared data: one problem per experiment.

if "PLAN" not in globals():

    include: "common.smk"


rule data:
    input:
        expand(plan.PROBLEM, experiment=PLAN.experiments),


# A checkpoint, because the folder of a sweep is named after what the prepared data contains.
checkpoint prepare:
    input:
        settings=plan.settings("prepare"),
        files=lambda wildcards: PLAN.dataset_files(wildcards.experiment),
    output:
        problem=plan.PROBLEM,
        made_from=plan.made_from("prepare"),
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("prepare", wildcards.experiment),
        code=plan.code("prepare"),
    script:
        "../scripts/prepare.py"
