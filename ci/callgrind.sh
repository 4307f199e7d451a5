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

# Whether any comparison has failed.
failed=0

# Says the numbers $2 and $3, and their ratio, and fails where that is more than $4.
compare() {
    awk -v what="$1" -v ours="$2" -v theirs="$3" -v ceiling="$4" 'BEGIN {
        printf "%s: %d, %d, ratio %.3f of at most %s\n", what, ours, theirs, ours / theirs, ceiling
        exit ours > ceiling * theirs
    }' || failed=1
}
