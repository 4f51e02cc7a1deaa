"""Observer: alone sees both the truth and the records; what it saw, as numbers with intervals."""
