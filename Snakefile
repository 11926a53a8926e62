# The workflow is in workflow/, where other workflows look for it when they use it as a module.


include: "workflow/Snakefile"
