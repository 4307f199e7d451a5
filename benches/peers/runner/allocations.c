/* Counts the allocations of a program with glibc, and writes the count to stderr at its end. */
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

static atomic_long allocations;

void *malloc (size_t size)
{
    atomic_fetch_add (&allocations, 1);
    return __libc_malloc (size);
}

void *calloc (size_t count, size_t size)
{
    atomic_fetch_add (&allocations, 1);
    return __libc_calloc (count, size);
}

void *realloc (void *memory, size_t size)
{
    atomic_fetch_add (&allocations, 1);
    return __libc_realloc (memory, size);
}

void *aligned_alloc (size_t alignment, size_t size)
{
    atomic_fetch_add (&allocations, 1);
    return __libc_memalign (alignment, size);
}

int posix_memalign (void **memory, size_t alignment, size_t size)
{
    *memory = aligned_alloc (alignment, size);
    return *memory? 0: 12;  /* ENOMEM */
}

__attribute__ ((destructor)) static void report (void)
{
    fprintf (stderr, "allocations %ld\n", (long) allocations);
}
