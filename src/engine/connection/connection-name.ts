const LONGEST_NAME = 200;

/** Default name of a connection, in the product's pattern. */
export function defaultConnectionName(from: string, to: string): string {
  return `${shorten(from)} to ${shorten(to)}`;
}

/** Stands for the partner's name while nobody has accepted. */
export const UNKNOWN_PARTNER = 'partner';

/** The default name while the partner was unknown becomes the one with its name; a name that an admin gave stays. */
export function nameWithPartner(name: string, from: string, partner: string): string {
  const placeholder = defaultConnectionName(from, UNKNOWN_PARTNER);
  const isPlaceholder = name.startsWith(placeholder) && /^( \(\d+\))?$/.test(name.slice(placeholder.length));
  return isPlaceholder ? defaultConnectionName(from, partner) : name;
}

/** `wanted`, or `wanted (2)`, `wanted (3)` … when it is taken. Upper and lower case do not make a name different. */
export function uniqueConnectionName(wanted: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const base = wanted.slice(0, LONGEST_NAME);
  if (!used.has(base.toLowerCase())) return base;
  for (let number = 2; ; number++) {
    const suffix = ` (${number})`;
    const name = base.slice(0, LONGEST_NAME - suffix.length) + suffix;
    if (!used.has(name.toLowerCase())) return name;
  }
}

function shorten(part: string): string {
  const text = part.replace(/\s+/g, ' ').trim();
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`;
}
