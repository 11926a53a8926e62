"""The equations of the network and of one step: what is compiled."""
