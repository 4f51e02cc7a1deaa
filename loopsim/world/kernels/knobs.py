"""Places of the numbers in the vector of knobs that the kernels read."""

THETA, LAG, SPREAD = 0, 1, 2  # near repeats: branching ratio, days, cells
DETERRENCE, KEEP, DIFFUSION, DISPLACEMENT = 3, 4, 5, 6  # per officer-hour, per day, shares
CHILL, FLAG_ABOVE, LABEL_EFFECT = 7, 8, 9  # share, officer-hours a day, share
RAISES, INTELLIGENCE, GRADES = 10, 11, 12  # share, probability, number of grades
VENUE_PULL, STOP_RATE = 13, 14  # share, stops per officer-hour
RING = 512  # days ahead for which a near repeat can wait
