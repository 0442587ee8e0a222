"""Ten rules of the shipped law book, written by hand for other tools and counted against execcheck."""
