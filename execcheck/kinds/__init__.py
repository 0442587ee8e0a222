"""One module for each group of rule kinds: what a rule of that kind means, evaluated on a case family."""
