/*
 * Numbers from case.json, golden.json and result.json. C99 or C++, no libraries; copy this file.
 *
 *   gs_file f;
 *   if (!gs_open(&f, "suite/smoke/recurrence", "case.json")) ...
 *   size_t n;
 *   double *w = gs_numbers(&f, "projections[0].weight", &n);     // n = post * pre values, C order; free(w)
 *   double tau[2];
 *   gs_fill(&f, "populations[0].tau_mem", tau, 2, 20.0);         // one number stands for all; 20 where there is none
 *   gs_close(&f);
 *
 * An array is read alike from JSON and from the raw file it names. What it does not do: it checks as much of the JSON as it
 * walks over and no more, keeps no shapes (rows of different lengths are strung together), cannot reach keys with '.' or '['
 * in them, does not decode \u escapes, refuses no unknown keys, writes nothing, needs a little-endian machine, and keeps
 * gs_error, the reason of the last failure, per source file and not per thread. Include it first with -std=c99.
 */
#ifndef GOLDSPIKE_H
#define GOLDSPIKE_H
#if defined(__STRICT_ANSI__) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L /* lstat */
#endif
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct { char folder[1024], *text; } gs_file;
static char gs_error[256];

static inline int gs_fail(const char *what, const char *why) {
  snprintf(gs_error, sizeof gs_error, "%.120s: %.120s", what, why);
  return 0;
}

/* All bytes of a regular file in a folder, one 0 behind them; NULL for a name that leaves the folder, and for a link. */
static inline char *gs_bytes(const char *folder, const char *name, size_t *size) {
  char path[2048];
  struct stat at;
  if (!*name || !strcmp(name, ".") || !strcmp(name, "..") || strpbrk(name, "/\\:\r\n"))
    return gs_fail(name, "expected the plain name of a file in the same folder"), (char *)NULL;
  snprintf(path, sizeof path, "%s/%s", folder, name);
#ifdef _WIN32
  if (stat(path, &at) || !(at.st_mode & _S_IFREG)) return gs_fail(name, "expected a file"), (char *)NULL;
#else
  if (lstat(path, &at) || !S_ISREG(at.st_mode)) return gs_fail(name, "expected a file, no link"), (char *)NULL;
#endif
  FILE *file = fopen(path, "rb");
  char *bytes = file ? (char *)malloc((size_t)at.st_size + 1) : NULL;
  *size = bytes ? fread(bytes, 1, (size_t)at.st_size, file) : 0;
  if (file) fclose(file);
  if (!bytes || *size != (size_t)at.st_size) return free(bytes), gs_fail(name, "cannot be read"), (char *)NULL;
  bytes[*size] = 0;
  return bytes;
}

static inline int gs_open(gs_file *f, const char *folder, const char *name) {
  size_t size;
  if (strlen(folder) >= sizeof f->folder) return gs_fail(folder, "the path is too long");
  strcpy(f->folder, folder);
  f->text = gs_bytes(folder, name, &size);
  return f->text != NULL;
}

static inline void gs_close(gs_file *f) { free(f->text); }

static inline const char *gs_skip(const char *at) { return at + strspn(at, " \t\r\n"); }

/* Behind the value that starts at `at`. */
static inline const char *gs_past(const char *at) {
  int depth = 0;
  do {
    if (*at == '"')
      for (at++; *at && *at != '"'; at++) at += *at == '\\' && at[1];
    else if (*at == '{' || *at == '[') depth++;
    else if (*at == '}' || *at == ']') depth--;
    else if (!depth) return at + strcspn(at, ",:]} \t\r\n");
    if (*at) at++;
  } while (*at && depth > 0);
  return at;
}

/* Where the value at a path such as projections[0].weight starts; NULL if there is none. */
static inline const char *gs_find(const gs_file *f, const char *path) {
  const char *at = gs_skip(f->text);
  while (*path) {
    path += *path == '.';
    const int list = *path == '[';
    const size_t length = strcspn(path, list ? "]" : ".[") + (list && strchr(path, ']'));
    unsigned long left = list ? strtoul(path + 1, NULL, 10) : 0;
    if (*at != (list ? '[' : '{')) return NULL;
    for (at = gs_skip(at + 1);; at = gs_skip(at + 1)) {
      if (!*at || *at == '}' || *at == ']') return NULL;
      const char *key = at;
      if (!list) {
        at = gs_skip(gs_past(at));
        if (*key != '"' || *at != ':') return NULL;
        at = gs_skip(at + 1);
      }
      if (list ? left-- == 0 : !strncmp(key + 1, path, length) && key[1 + length] == '"') break;
      at = gs_skip(gs_past(at));
      if (*at != ',') return NULL;
    }
    path += length;
  }
  return at;
}

/* A string without escapes; 0 if there is none or it does not fit. */
static inline int gs_text(const gs_file *f, const char *path, char *text, size_t room) {
  const char *at = gs_find(f, path), *end = at && *at == '"' ? gs_past(at) : NULL;
  const size_t length = end ? (size_t)(end - at) - 2 : room;
  if (length >= room || memchr(at, '\\', length + 1)) return gs_fail(path, "expected a short string");
  memcpy(text, at + 1, length);
  text[length] = 0;
  return 1;
}

/* The finite number that starts at `at`. */
static inline int gs_number(const char *at, const char **end, double *value) {
  char *stop;
  *value = strtod(at, &stop);
  *end = stop;
  return stop != at && strspn(at, "+-.0123456789eE") >= (size_t)(stop - at) && isfinite(*value);
}

static inline double *gs_raw(const gs_file *f, const char *path, size_t *count) {
  char key[512], name[256], dtype[8];
  size_t bytes, length;
  double side = 1;
  *count = 1;
  snprintf(key, sizeof key, "%.400s.file", path);
  if (!gs_text(f, key, name, sizeof name)) return NULL;
  snprintf(key, sizeof key, "%.400s.dtype", path);
  if (!gs_text(f, key, dtype, sizeof dtype)) return NULL;
  snprintf(key, sizeof key, "%.400s.shape", path);
  const char *at = gs_find(f, key);
  if (!at || *at != '[') return gs_fail(key, "expected the lengths"), (double *)NULL;
  for (at = gs_skip(at + 1); *at && *at != ']'; at = gs_skip(at + (*at == ','))) {
    if (!gs_number(at, &at, &side) || side < 0 || side > 1e9 || side != floor(side) || *count > 1000000000)
      return gs_fail(key, "expected lengths up to 1e9"), (double *)NULL;
    *count *= (size_t)side;
    at = gs_skip(at);
  }
  const size_t width = !strcmp(dtype, "<f8") ? 8 : !strcmp(dtype, "<f4") || !strcmp(dtype, "<i4") ? 4 : 0;
  if (!width) return gs_fail(path, "expected dtype <f8, <f4 or <i4"), (double *)NULL;
  char *from = gs_bytes(f->folder, name, &bytes);
  if (!from) return NULL;
  length = *count * width;
  double *values = bytes == length ? (double *)malloc(8 * *count + 8) : NULL;
  for (size_t k = 0; values && k < *count; k++) {
    double d;
    float s;
    int32_t i;
    if (width == 8) memcpy(&d, from + 8 * k, 8), values[k] = d;
    else if (dtype[1] == 'f') memcpy(&s, from + 4 * k, 4), values[k] = s;
    else memcpy(&i, from + 4 * k, 4), values[k] = i;
  }
  if (!values) gs_fail(name, "is not as long as its shape says");
  free(from);
  return values;
}

/* What is at a path as numbers: one, an array of any depth in C order, or a raw file. NULL: gs_error says why. */
static inline double *gs_numbers(const gs_file *f, const char *path, size_t *count) {
  const char *at = gs_find(f, path);
  if (!at) return gs_fail(path, "not there"), (double *)NULL;
  if (*at == '{') return gs_raw(f, path, count);
  const char *end = gs_past(at);
  size_t room = 1;
  for (const char *k = at; k < end; k++) room += *k == ',';
  double *values = (double *)malloc(room * sizeof *values);
  for (*count = 0; values && at < end;) {
    at += strspn(at, "[], \t\r\n");
    if (at >= end) break;
    if (*count < room && gs_number(at, &at, &values[*count])) ++*count;
    else return free(values), gs_fail(path, "expected finite numbers"), (double *)NULL;
  }
  return values;
}

/* n values from an array or from one number for all; `otherwise` if there is nothing. */
static inline int gs_fill(const gs_file *f, const char *path, double *to, size_t n, double otherwise) {
  size_t count = 1;
  double *from = gs_find(f, path) ? gs_numbers(f, path, &count) : NULL;
  if (!from && gs_find(f, path)) return 0;
  if (count != 1 && count != n) return free(from), gs_fail(path, "has another length");
  for (size_t k = 0; k < n; k++) to[k] = from ? from[count == 1 ? 0 : k] : otherwise;
  free(from);
  return 1;
}
#endif
