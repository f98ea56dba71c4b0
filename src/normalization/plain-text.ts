/**
 * Makes text safe to store in any column of any database: NUL and lone surrogates, which JSON allows and
 * PostgreSQL refuses, become U+FFFD. `raw` keeps what the sender wrote.
 */
export function storable(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
}

/** Cuts text to a number of characters (code points, never half a surrogate pair), with an ellipsis. */
export function cutTo(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const characters = Array.from(text);
  if (characters.length <= maxCharacters) return text;
  return `${characters.slice(0, maxCharacters - 1).join('')}…`;
}
