# Figures of the studies, drawn from tables alone.

if "PLAN" not in globals():

    include: "common.smk"


rule study_figures:
    input:
        PLAN.results("draw"),


for kind, names in PLAN.studies.items():

    rule:
        name:
            f"draw_{kind}"
        input:
            **STAGES[f"draw_{kind}"].inputs,
            settings=STAGES[f"draw_{kind}"].settings,
        output:
            **reported(f"draw_{kind}"),
        wildcard_constraints:
            study="|".join(names),
        localrule: True
        threads: 1
        params:
            kind=kind,
            section=lambda wildcards, kind=kind: PLAN.section(f"draw_{kind}", wildcards.study),
            code=plan.code(f"draw_{kind}"),
        script:
            "../scripts/draw_study.py"
