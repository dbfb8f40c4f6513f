/*
 * A backend for goldspike's conformance kit: fill in forward and backward. The rest reads and writes.
 *
 *   cc -std=c99 -O2 backend.c -lm -o backend
 *   ./backend CASE_DIR RESULT_DIR    one case; exit codes: 0 solved, 77 not supported, 2 refused
 *   ./backend --serve                requests, of goldspike conform run --worker -- ./backend --serve
 */
#include "goldspike.h"

#define BACKEND "mine 0.1"
#define PRECISION "f64" /* of your numbers: f64 or f32 */

typedef struct {
  char *name;
  size_t size;
  int spiking;
  double *tau_mem, *tau_syn, *threshold, *reset, *bias, *v0, *i0; /* [size] */
  /* By forward: ms, ascending, and which neurons; allocated by it. */
  size_t spikes;
  double *times, *neurons;
} population;

typedef struct {
  int from, to; /* populations; from is -1 for the input */
  size_t pre, post;
  double *weight, *delay; /* [post][pre]; delays in ms */
  double *d_weight;       /* by backward */
} projection;

typedef struct {
  gs_file file; /* gs_text(&p->file, "loss.kind"), number(&p->file, "loss.target") */
  double duration;
  size_t inputs;
  double *times, *sources; /* input spikes: ms, ascending; channels */
  size_t populations, projections;
  population *population;
  projection *projection;
  /* By backward: S, M or first spikes; readouts stays 0 for losses without. */
  double loss, *readout;
  size_t readouts;
} problem;

static double number(const gs_file *f, const char *path);

/*
 * Spikes of every spiking population.
 *
 *   tau_mem dV/dt = -V + I + bias   tau_syn dI/dt = -I   V reaches threshold: spike, V <- reset   arrival: I <- I + w
 */
static void forward(problem *p) {
  (void)p;
  gs_unsupported("forward is not written yet");
}

/* loss, readout, and d_weight of every projection, which is zeros before. */
static void backward(problem *p) {
  (void)p;
  gs_unsupported("backward is not written yet");
}

/* ---- what reads ---- */

static void *many(size_t count, size_t size) {
  void *memory = calloc(count + 1, size);
  if (!memory) gs_fail("memory", "used up");
  return memory;
}

/* Of `count` numbers at a path, where one may stand for all, and nothing for a default. */
static double *spread(const gs_file *f, const char *path, size_t count, double otherwise) {
  size_t n = 1;
  double *found = gs_find(f, path) ? gs_numbers(f, path, &n) : NULL;
  if (n == count && found) return found;
  if (n != 1) gs_fail(path, "expected one number, or one for each");
  double *all = (double *)many(count, sizeof *all);
  for (size_t k = 0; k < count; k++) all[k] = found ? found[0] : otherwise;
  free(found);
  return all;
}

static double number(const gs_file *f, const char *path) {
  size_t n;
  double *values = gs_numbers(f, path, &n);
  const double value = values[0];
  if (n != 1) gs_fail(path, "expected one number");
  free(values);
  return value;
}

static const char *at(const char *list, size_t k, const char *key) {
  static char path[128];
  snprintf(path, sizeof path, "%s[%zu]%s", list, k, key);
  return path;
}

static size_t count(const gs_file *f, const char *list) {
  size_t k = 0;
  while (gs_find(f, at(list, k, ""))) k++;
  return k;
}

static int named(const problem *p, const char *name) {
  for (size_t k = 0; k < p->populations; k++)
    if (!strcmp(p->population[k].name, name)) return (int)k;
  return -1;
}

static void read_population(const gs_file *f, size_t k, population *one_of) {
  const char *list = "populations";
  population q = {0};
  q.name = gs_text(f, at(list, k, ".name"));
  q.size = (size_t)number(f, at(list, k, ".size"));
  char *model = gs_text(f, at(list, k, ".model"));
  q.spiking = !strcmp(model, "lif");
  free(model);
  q.tau_mem = spread(f, at(list, k, ".tau_mem"), q.size, NAN);
  q.tau_syn = spread(f, at(list, k, ".tau_syn"), q.size, NAN);
  q.threshold = spread(f, at(list, k, ".threshold"), q.size, 1);
  q.reset = spread(f, at(list, k, ".reset"), q.size, 0);
  q.bias = spread(f, at(list, k, ".bias"), q.size, 0);
  q.v0 = spread(f, at(list, k, ".v0"), q.size, 0);
  q.i0 = spread(f, at(list, k, ".i0"), q.size, 0);
  *one_of = q;
}

static void read_projection(const problem *p, size_t k, projection *one_of) {
  const char *list = "projections";
  const gs_file *f = &p->file;
  projection q = {0};
  char *from = gs_text(f, at(list, k, ".from")), *to = gs_text(f, at(list, k, ".to"));
  q.from = named(p, from), q.to = named(p, to);
  if (q.to < 0) gs_fail(to, "expected the name of a population");
  free(from), free(to);
  q.post = p->population[q.to].size;
  q.pre = q.from < 0 ? (size_t)number(f, "input.channels") : p->population[q.from].size;
  size_t n;
  q.weight = gs_numbers(f, at(list, k, ".weight"), &n);
  if (n != q.pre * q.post) gs_fail(at(list, k, ".weight"), "expected [post][pre]");
  q.delay = spread(f, at(list, k, ".delay"), n, 0);
  q.d_weight = (double *)many(n, sizeof *q.d_weight);
  *one_of = q;
}

static problem read_case(const char *folder) {
  problem p = {0};
  const gs_file *f = &p.file;
  p.file = gs_open(folder, "case.json");
  p.duration = number(f, "duration");
  p.times = gs_numbers(f, "input.times", &p.inputs);
  p.sources = gs_numbers(f, "input.sources", &p.inputs);
  p.populations = count(f, "populations"), p.projections = count(f, "projections");
  p.population = (population *)many(p.populations, sizeof *p.population);
  p.projection = (projection *)many(p.projections, sizeof *p.projection);
  for (size_t k = 0; k < p.populations; k++) read_population(f, k, &p.population[k]);
  for (size_t k = 0; k < p.projections; k++) read_projection(&p, k, &p.projection[k]);
  return p;
}

/* ---- what writes ---- */

static void write_numbers(FILE *json, const char *folder, const char *key, size_t k, const double *values,
                          size_t rows, size_t columns) {
  char name[64];
  snprintf(name, sizeof name, "%s%zu.f64", key, k);
  fprintf(json, "\"%s\": ", key);
  gs_write(json, folder, name, values, rows, columns);
}

static void write_result(const problem *p, const char *folder, int has_loss) {
  char path[4096];
  char *name = gs_text(&p->file, "name");
  snprintf(path, sizeof path, "%s/result.json", folder);
  FILE *json = fopen(path, "w");
  if (!json) gs_fail(path, "cannot be written");
  fprintf(json, "{\"format\": \"goldspike/result@1\", \"case\": \"%s\", \"backend\": \"%s\", ", name, BACKEND);
  fprintf(json, "\"precision\": \"%s\", \"spikes\": {", PRECISION);
  const char *comma = "";
  for (size_t k = 0; k < p->populations; k++) {
    const population *q = &p->population[k];
    if (!q->spiking) continue;
    fprintf(json, "%s\"%s\": {", comma, q->name);
    write_numbers(json, folder, "times", k, q->times, q->spikes, 0);
    fprintf(json, ", ");
    write_numbers(json, folder, "neurons", k, q->neurons, q->spikes, 0);
    fprintf(json, "}");
    comma = ", ";
  }
  fprintf(json, "}");
  if (has_loss) {
    fprintf(json, ", \"loss\": %.17g, ", p->loss);
    if (p->readouts) write_numbers(json, folder, "readout", 0, p->readout, p->readouts, 0), fprintf(json, ", ");
    fprintf(json, "\"gradients\": {\"projections\": [");
    for (size_t k = 0; k < p->projections; k++) {
      const projection *q = &p->projection[k];
      const char *from = q->from < 0 ? "input" : p->population[q->from].name;
      fprintf(json, "%s{\"from\": \"%s\", \"to\": \"%s\", ", k ? ", " : "", from, p->population[q->to].name);
      write_numbers(json, folder, "weight", k, q->d_weight, q->post, q->pre);
      fprintf(json, "}");
    }
    fprintf(json, "]}");
  }
  fprintf(json, "}\n");
  if (fclose(json)) gs_fail(path, "cannot be written");
  free(name);
}

static void solve(const char *case_dir, const char *result_dir) {
  char path[4096];
  struct stat found;
  snprintf(path, sizeof path, "%s/batch.json", case_dir);
  if (!lstat(path, &found)) gs_unsupported("batches");
  problem p = read_case(case_dir);
  char *kind = gs_text(&p.file, "loss.kind");
  const int has_loss = strcmp(kind, "none") != 0;
  forward(&p);
  if (has_loss) backward(&p);
  write_result(&p, result_dir, has_loss);
  free(kind); /* What else was read ends with the program, or is small. */
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "--serve")) return gs_serve(solve);
  if (argc != 3) gs_fail("usage", "backend CASE_DIR RESULT_DIR, or backend --serve");
  solve(argv[1], argv[2]);
  return 0;
}
