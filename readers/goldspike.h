/*
 * Numbers from case.json, golden.json and result.json, raw files for a result, requests. C99 or C++ on POSIX,
 * no libraries; copy this file and include it first.
 *
 *   gs_file f = gs_open("suite/smoke/recurrence", "case.json");
 *   size_t n;
 *   double *w = gs_numbers(&f, "projections[0].weight", &n); // n = post * pre; free(w)
 *   char *kind = gs_text(&f, "loss.kind");                   // free(kind)
 *   if (gs_find(&f, "projections[0].delay")) ...             // is there one?
 *   gs_close(&f);
 *   return gs_serve(solve); // solve(case_dir, result_dir) for each request of conform run --worker
 *
 * What is wrong ends the program, or while it serves the request: see gs_fail. Values, shapes (rows of different lengths are strung together)
 * and unknown keys are for the caller to check. n is 1 where one number stands for all. Needs a little-endian
 * machine and the locale "C".
 */
#ifndef GOLDSPIKE_H
#define GOLDSPIKE_H
#if defined(__STRICT_ANSI__) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L /* lstat, strndup */
#endif
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  const char *folder;
  char *bytes; /* a 0 follows them */
  size_t size;
} gs_file;

/* Of gs_serve: where the request goes on, if one is under way, and what to answer. */
static jmp_buf gs_request;
static int gs_serving = 0;
static char gs_message[256];

/*
 * Ends the program as the kit expects of one that refuses a case (2) or does not support it (77); while it serves, only the
 * request, and what was allocated for it is lost. It never returns.
 */
static inline void gs_end(int code, const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  snprintf(gs_message, sizeof gs_message, "%s: %s", what, why);
  for (char *c = gs_message; *c; c++)
    if (strchr("\"\\", *c) || (unsigned char)*c < ' ') *c = '\'';
  if (gs_serving) longjmp(gs_request, code);
  exit(code);
}

static inline void gs_fail(const char *what, const char *why) { gs_end(2, what, why); }

static inline void gs_unsupported(const char *what) { gs_end(77, what, "not supported"); }

static inline gs_file gs_open(const char *folder, const char *name) {
  char path[4096];
  struct stat found;
  const int length = snprintf(path, sizeof path, "%s/%s", folder, name);
  if (strpbrk(name, "/\\:\r\n")) gs_fail(name, "expected the plain name of a file in the same folder");
  if (length >= (int)sizeof path || lstat(path, &found) || !S_ISREG(found.st_mode))
    gs_fail(name, "expected a file, no link");
  const size_t size = (size_t)found.st_size;
  const gs_file f = {folder, (char *)calloc(size + 1, 1), size};
  FILE *file = fopen(path, "rb");
  if (!f.bytes || !file || fread(f.bytes, 1, size, file) != size) gs_fail(name, "cannot be read");
  fclose(file);
  return f;
}

static inline void gs_close(gs_file *f) { free(f->bytes); }

/* Behind `length` characters and the space after them; a length of 0 says that the text is no JSON. */
static inline const char *gs_past(const char *at, size_t length) {
  if (length == 0) gs_fail("JSON", "is not well formed, or has NaN or Infinity");
  return at + length + strspn(at + length, " \t\r\n");
}

/* Behind the value at `at`. *found becomes the start of what is at `path` in it, unless path is NULL. */
static inline const char *gs_walk(const char *at, const char *path, const char **found, int depth) {
  if (path && !*path) *found = at;
  if (*at == '"') {
    for (at++; *at && *at != '"'; at++) at += *at == '\\' && at[1];
    return gs_past(at, *at == '"');
  }
  /* The letters of true, false and null; not of NaN. Whether it is a number is seen when it is asked for. */
  if (*at != '{' && *at != '[') return gs_past(at, strspn(at, "+-.0123456789Eaeflnrstu"));
  const char close = *at == '{' ? '}' : ']';
  at = gs_past(at, depth < 100);
  for (int k = 0; *at != close; k++) {
    char index[16];
    const char *key = index;
    snprintf(index, sizeof index, "[%d]", k);
    if (k > 0) at = gs_past(at, *at == ',');
    if (close == '}') {
      key = at + 1;
      at = gs_walk(at, NULL, NULL, depth + 1);
      at = gs_past(at, *at == ':');
    }
    const size_t length = strcspn(key, "\"");
    const int leads = path && !strncmp(path, key, length) && strchr(".[", path[length]);
    at = gs_walk(at, leads ? path + length + (path[length] == '.') : NULL, found, depth + 1);
  }
  return gs_past(at, 1);
}

/* Where the value at a path starts; NULL if there is none. */
static inline const char *gs_find(const gs_file *f, const char *path) {
  const char *found = NULL;
  const char *text = f->bytes + (strncmp(f->bytes, "\xef\xbb\xbf", 3) ? 0 : 3); /* a byte order mark */
  gs_walk(text + strspn(text, " \t\r\n"), path, &found, 0);
  return found;
}

static inline char *gs_text(const gs_file *f, const char *path) {
  const char *at = gs_find(f, path);
  const size_t length = at ? strcspn(at + 1, "\"\\") : 0;
  if (!at || *at != '"' || at[length + 1] != '"') gs_fail(path, "expected a string without escapes");
  return strndup(at + 1, length);
}

static inline double *gs_list(const gs_file *f, const char *path, size_t *count) {
  const char *at = gs_find(f, path);
  if (!at) gs_fail(path, "not there");
  const char *end = gs_walk(at, NULL, NULL, 0);
  double *values = (double *)calloc((size_t)(end - at) / 2 + 1, sizeof *values);
  if (!values) gs_fail(path, "is too large");
  char *stop;
  for (*count = 0; (at += strspn(at, "[], \t\r\n")) < end; at = stop) {
    values[*count] = strtod(at, &stop);
    if (stop == at || !isfinite(values[(*count)++])) gs_fail(path, "expected finite numbers");
  }
  return values;
}

/* What is at a path: one number, an array of any depth in C order, or a raw file. */
static inline double *gs_numbers(const gs_file *f, const char *path, size_t *count) {
  const gs_file raw = {f->folder, (char *)gs_find(f, path), 0};
  if (!raw.bytes || *raw.bytes != '{') return gs_list(f, path, count);
  char *name = gs_text(&raw, "file"), *dtype = gs_text(&raw, "dtype");
  double *shape = gs_list(&raw, "shape", count);
  const size_t width = !strcmp(dtype, "<f8") ? 8 : !strcmp(dtype, "<f4") || !strcmp(dtype, "<i4") ? 4 : 0;
  double size = (double)width;
  for (size_t k = 0; k < *count; k++) size *= shape[k] >= 0 && shape[k] == floor(shape[k]) ? shape[k] : NAN;
  gs_file data = gs_open(f->folder, name);
  if (!width || size != (double)data.size) gs_fail(name, "is not as long as its dtype and shape say");
  *count = data.size / width;
  double *values = (double *)calloc(*count + 1, sizeof *values);
  if (!values) gs_fail(name, "is too large");
  for (size_t k = 0; k < *count; k++) {
    if (width == 8) values[k] = ((double *)data.bytes)[k];
    else if (dtype[1] == 'f') values[k] = ((float *)data.bytes)[k];
    else values[k] = ((int32_t *)data.bytes)[k];
  }
  free(name), free(dtype), free(shape), gs_close(&data);
  return values;
}

/*
 * Answers requests until stdin ends. Only answers go to the real stdout; all that is printed goes to stderr. Lines are at
 * most 16 KiB, and folders have no characters that JSON escapes.
 */
static inline int gs_serve(void (*solve)(const char *case_dir, const char *result_dir)) {
  static char line[16384];
  FILE *requests = fdopen(dup(0), "r"), *answers = fdopen(dup(1), "w");
  /* What a child reads is no request. */
  if (!requests || !answers || !freopen("/dev/null", "r", stdin) || dup2(2, 1) < 0) return 1;
  while (fgets(line, sizeof line, requests)) {
    const gs_file request = {".", line, strlen(line)};
    size_t n;
    double *id = gs_numbers(&request, "id", &n);
    char *from = gs_text(&request, "case"), *to = gs_text(&request, "result");
    const int code = setjmp(gs_request);
    gs_serving = 1;
    if (!code) solve(from, to);
    gs_serving = 0;
    fprintf(answers, "{\"id\": %.0f, \"status\": \"%s\", \"message\": \"%s\"}\n", *id,
            code == 77 ? "unsupported" : code ? "refused" : "done", code ? gs_message : "");
    fflush(stdout), fflush(answers), free(id), free(from), free(to);
  }
  return 0;
}

/* Writes a raw file, and to `json` what stands for it there; columns is 0 for an array of one dimension. */
static inline void gs_write(FILE *json, const char *folder, const char *name, const double *values,
                            size_t rows, size_t columns) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  const size_t count = columns ? rows * columns : rows;
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(values, 8, count, file) != count || fclose(file)) gs_fail(name, "cannot be written");
  fprintf(json, "{\"file\": \"%s\", \"dtype\": \"<f8\", \"shape\": [%zu", name, rows);
  if (columns) fprintf(json, ", %zu", columns);
  fprintf(json, "]}");
}
#endif
