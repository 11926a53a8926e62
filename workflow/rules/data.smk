# Prepared data: one problem per experiment.

if "PLAN" not in globals():

    include: "common.smk"


rule data:
    input:
        PLAN.results("prepare"),


# A checkpoint, because the folder of a sweep is named after what the prepared data contains.
checkpoint prepare:
    input:
        settings=STAGES["prepare"].settings,
        files=lambda wildcards: PLAN.dataset_files(wildcards.experiment),
    output:
        **STAGES["prepare"].outputs,
        made_from=STAGES["prepare"].made_from,
    priority: FIRST
    localrule: True
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("prepare", wildcards.experiment),
        code=plan.code("prepare"),
    script:
        "../scripts/prepare.py"
