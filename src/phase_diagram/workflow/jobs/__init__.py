"""What each job of the workflow does; a module for each script of the rules."""
