# Slopes, boundary and the numbers that sum them up.

if "PLAN" not in globals():

    include: "common.smk"


rule fits:
    input:
        PLAN.results("fit"),


rule fit:
    input:
        **STAGES["fit"].inputs,
        settings=STAGES["fit"].settings,
    output:
        **STAGES["fit"].outputs,
        made_from=STAGES["fit"].made_from,
    localrule: True
    threads: 1
    params:
        code=plan.code("fit"),
    script:
        "../scripts/fit.py"
