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
        **reported("fit"),
    localrule: True
    threads: 1
    params:
        code=plan.code("fit"),
    script:
        "../scripts/fit.py"
