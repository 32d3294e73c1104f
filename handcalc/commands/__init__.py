"""What the commands do: one module each. `cli` reads the command line, hands it over, and prints or saves."""
