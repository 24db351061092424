"""In front of docker: the real programs, run as if nobody stood before them."""
