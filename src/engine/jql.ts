/**
 * A JQL string literal with its quotes. Backslash and quotes are escaped, line breaks and tabs written as JQL writes
 * them, other control characters dropped (JQL refuses them). Source: Atlassian, "Advanced searching", reserved characters.
 */
export function jqlString(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  // oxlint-disable-next-line no-control-regex -- control characters are what is being removed
  return `"${escaped.replace(/[\u0000-\u001f\u007f]/g, '')}"`;
}

/** `("a", "b")` for use after `in`; throws for an empty list, which JQL refuses. */
export function jqlList(values: readonly string[]): string {
  if (values.length === 0) throw new Error('A JQL list needs at least one value.');
  return `(${values.map(jqlString).join(', ')})`;
}

/**
 * The minute of `ms` (epoch milliseconds, rounded down) as a JQL date literal without quotes, `yyyy-MM-dd HH:mm`, on the clock
 * of an IANA zone. Jira reads such literals in the zone of the calling account's profile (measured by kmoneil/jr).
 * Throws a `RangeError` for a zone this runtime does not know; see {@link jqlZone}.
 */
export function jqlMinute(ms: number, timeZone: string): string {
  const parts = new Map<string, string>(
    formatter(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: string) => parts.get(type) ?? '';
  const year = part('year').padStart(4, '0');
  return `${year}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

/** Twelve hours behind UTC; no clock on earth shows less. */
const westernmost = 'Etc/GMT+12';

/**
 * The zone for {@link jqlMinute}, from what the account's profile says. Jira's Java may know zones that this
 * runtime does not, such as one that is newer than its tables; the westernmost one stands for them: a literal written in it
 * is never later than was meant, so `>=` finds up to 26 hours too much and misses nothing.
 */
export function jqlZone(timeZone: string | null): string {
  try {
    formatter(timeZone ?? 'UTC');
    return timeZone ?? 'UTC';
  } catch {
    return westernmost;
  }
}

/**
 * A user's own query split into its condition and without its `ORDER BY`, put in parentheses so that it can be joined by `AND`
 * (which binds tighter than `OR`). `''` for a query that has no condition.
 */
export function jqlCondition(jql: string): string {
  const condition = withoutOrderBy(jql).trim();
  return condition === '' ? '' : `(${condition})`;
}

function withoutOrderBy(jql: string): string {
  let quote: string | null = null;
  for (let i = 0; i < jql.length; i++) {
    const char = jql.charAt(i);
    if (quote !== null) {
      if (char === '\\') i++;
      else if (char === quote) quote = null;
    } else if (char === '"' || char === "'") quote = char;
    else if (/^(?:^|[\s)])order\s+by\b/i.test((i === 0 ? ' ' : '') + jql.slice(i))) {
      return jql.slice(0, char === ')' ? i + 1 : i);
    }
  }
  return jql;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(timeZone, made);
  return made;
}
