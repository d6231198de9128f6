"""Where more sites would do most: the question, its answer, and the answer in words."""
