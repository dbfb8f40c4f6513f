/** Commands that a message offers as the way out, ready to be pasted into a shell. */

export function resumeHint(folder: string): string {
  return `goldspike resume ${shellWord(folder)}`;
}

export function evaluateHint(folder: string, options = ""): string {
  return `goldspike evaluate ${shellWord(folder)}${options}`;
}

/** @param config the run's settings */
export function anewHint(config: string): string {
  return `goldspike train ${shellWord(config)} -o ANOTHER`;
}

/** One word to a shell, whatever is in it; quoted only where it has to be. */
export function shellWord(path: string, platform = process.platform): string {
  const word = path.startsWith("-") ? `./${path}` : path;
  if (platform === "win32") return /[^\w\\/.:@+=,-]/.test(word) ? `"${word}"` : word;
  return /[^\w/.:@%+=,-]/.test(word) || word === "" ? `'${word.replaceAll("'", "'\\''")}'` : word;
}
