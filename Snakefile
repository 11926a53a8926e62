# The workflow is in workflow/, where other workflows look for it when they use it as a module.


include: "workflow/Snakefile"


# An included file cannot say what is made by default.
rule default:
    default_target: True
    input:
        rules.all.input,
