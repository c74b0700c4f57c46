"""What people do in the programme: one file for each topic."""
