/*
 *   cc -std=c99 readers/example.c -lm -o example
 *   ./example suite/smoke/recurrence case.json duration 'populations[0].tau_mem' 'projections[1].weight'
 *   ./example suite/smoke/recurrence mine
 *
 * The first prints numbers of a case, one path a line. The second writes mine/result.json, with weights where
 * their gradient belongs and nothing else that an answer should have.
 */
#include "goldspike.h"

static void print(const gs_file *f, const char *path) {
  size_t count;
  double *values = gs_numbers(f, path, &count);
  printf("%s", path);
  for (size_t j = 0; j < count; j++) printf(" %.17g", values[j]);
  printf("\n");
  free(values);
}

static void answer(const gs_file *f, const char *folder) {
  char path[4096];
  size_t count, one;
  double *weight = gs_numbers(f, "projections[0].weight", &count);
  double *channels = gs_numbers(f, "input.channels", &one);
  char *name = gs_text(f, "name"), *to = gs_text(f, "projections[0].to");
  snprintf(path, sizeof path, "%s/result.json", folder);
  FILE *json = fopen(path, "w");
  if (!json) gs_fail(path, "cannot be written");
  fprintf(json, "{\"format\": \"goldspike/result@1\", \"case\": \"%s\", \"backend\": \"example\", ", name);
  fprintf(json, "\"precision\": \"f64\", \"spikes\": {}, \"gradients\": {\"projections\": [");
  fprintf(json, "{\"from\": \"input\", \"to\": \"%s\", \"weight\": ", to);
  gs_write(json, folder, "weight.f64", weight, count / (size_t)*channels, (size_t)*channels);
  fprintf(json, "}]}}\n");
  if (fclose(json)) gs_fail(path, "cannot be written");
  free(weight), free(channels), free(name), free(to);
}

int main(int argc, char **argv) {
  if (argc < 3) gs_fail("usage", "example FOLDER FILE PATH... or example CASE_DIR RESULT_DIR");
  gs_file f = gs_open(argv[1], argc > 3 ? argv[2] : "case.json");
  for (int k = 3; k < argc; k++) print(&f, argv[k]);
  if (argc == 3) answer(&f, argv[2]);
  gs_close(&f);
  return 0;
}
