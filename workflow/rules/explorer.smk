# The explorer: one network trained for each grid point, one file with all data of an experiment,
# and one page for all experiments.

if "PLAN" not in globals():
    STEPS = ("views", "pack", "page")

    include: "common.smk"


rule explorer:
    input:
        PLAN.results("page"),


rule views:
    input:
        **STAGES["views"].inputs,
        **given("views"),
    output:
        **made("views"),
    priority: LONG
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("views", wildcards.experiment),
    script:
        "../scripts/views.py"


rule pack:
    input:
        **STAGES["pack"].inputs,
        **given("pack"),
    output:
        **made("pack"),
    localrule: True
    threads: 1
    script:
        "../scripts/pack.py"


rule page:
    input:
        **PLAN.inputs("page", WHOLE_NAME),
        **given("page"),
    output:
        **made("page"),
    localrule: True
    threads: 1
    params:
        section=PLAN.section("page", WHOLE_NAME),
    script:
        "../scripts/page.py"
