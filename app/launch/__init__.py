"""What run.py is made of: the environment, the console, the supervisor. Standard library only, except web."""
