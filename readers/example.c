/*
 * Prints numbers of a case, one path a line:
 *
 *   cc -std=c99 readers/example.c -lm -o example
 *   ./example suite/smoke/recurrence case.json duration 'populations[0].tau_mem' 'projections[1].weight'
 */
#include "goldspike.h"

int main(int argc, char **argv) {
  gs_file f;
  if (argc < 4) return fprintf(stderr, "usage: example FOLDER FILE PATH...\n"), 2;
  if (!gs_open(&f, argv[1], argv[2])) return fprintf(stderr, "%s\n", gs_error), 2;
  for (int k = 3; k < argc; k++) {
    size_t count;
    double *values = gs_numbers(&f, argv[k], &count);
    if (!values) return fprintf(stderr, "%s\n", gs_error), gs_close(&f), 2;
    printf("%s", argv[k]);
    for (size_t j = 0; j < count; j++) printf(" %.17g", values[j]);
    printf("\n");
    free(values);
  }
  gs_close(&f);
  return 0;
}
