# Counting by valgrind, for the scripts here to source. It is repeatable to a fifth of a percent, whatever else the
# machine does.

# How many instructions the command executes.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 | awk '/Collected/ {print $4}'
}

# How often the command allocates.
allocations() {
    valgrind --leak-check=no "$@" 2>&1 | awk '/total heap usage/ {gsub(",", ""); print $5}'
}
