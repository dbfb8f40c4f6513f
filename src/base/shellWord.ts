/** One word to a shell, whatever is in it; quoted only where it has to be. */
export function shellWord(path: string, platform = process.platform): string {
  const word = path.startsWith("-") ? `./${path}` : path;
  if (platform === "win32") return /[^\w\\/.:@+=,-]/.test(word) ? `"${word}"` : word;
  return /[^\w/.:@%+=,-]/.test(word) || word === "" ? `'${word.replaceAll("'", "'\\''")}'` : word;
}
