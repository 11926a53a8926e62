"""The equations of the network and of one step of the solver; this is the code that is compiled."""
