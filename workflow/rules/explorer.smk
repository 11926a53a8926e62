# The explorer: one network of each grid point trained to be looked at, all that a page knows of an
# experiment in one file, and the page of all of them.

if "PLAN" not in globals():

    include: "common.smk"


rule explorer:
    input:
        PLAN.results("page"),


rule views:
    input:
        **STAGES["views"].inputs,
        settings=STAGES["views"].settings,
    output:
        **STAGES["views"].outputs,
        made_from=STAGES["views"].made_from,
    priority: LONG
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("views", wildcards.experiment),
        code=plan.code("views"),
    script:
        "../scripts/views.py"


rule pack:
    input:
        **STAGES["pack"].inputs,
        settings=STAGES["pack"].settings,
    output:
        **STAGES["pack"].outputs,
        made_from=STAGES["pack"].made_from,
    localrule: True
    threads: 1
    params:
        code=plan.code("pack"),
    script:
        "../scripts/pack.py"


rule page:
    input:
        **PLAN.inputs("page", WHOLE_NAME),
        settings=STAGES["page"].settings,
    output:
        **STAGES["page"].outputs,
        made_from=STAGES["page"].made_from,
    localrule: True
    threads: 1
    params:
        section=PLAN.section("page", WHOLE_NAME),
        code=plan.code("page"),
    script:
        "../scripts/page.py"
