/**
 * Text of other people as part of one line: no control characters, line ends or marks that turn the direction of what
 * follows. Cut to `max` characters.
 */
export function oneLine(text: string, max = 200): string {
  const clean = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...clean];
  return letters.length > max ? `${letters.slice(0, max - 1).join('')}…` : clean;
}
