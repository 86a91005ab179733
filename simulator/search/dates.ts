import { instantOf } from '../core/zone.ts';

const LITERAL = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?: (\d{1,2}):(\d{2}))?$/;
const PERIOD = /^([+-]?)((?:\d+[wdhm]\s*)+)$/i;
const UNIT_MS: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 };

/**
 * The instant that a JQL date means for an account in that zone, or null when it is none. Literals have minute resolution and are
 * read in the account's zone; periods are relative to now and any case (`-1M` is a minute); a bare number is epoch milliseconds.
 */
export function jqlInstant(text: string, quoted: boolean, zone: string, now: number): number | null {
  const literal = LITERAL.exec(text.trim());
  if (literal !== null) {
    const [, year, , month, day, hour, minute] = literal;
    const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0), Number(minute ?? 0));
    return Number(month) > 12 || Number(day) > 31 || Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59
      ? null
      : instantOf(zone, wall);
  }
  const period = PERIOD.exec(text.trim());
  if (period !== null) {
    let sum = 0;
    for (const [, count, unit] of (period[2] ?? '').matchAll(/(\d+)([wdhm])/gi))
      sum += Number(count) * (UNIT_MS[(unit ?? '').toLowerCase()] ?? 0);
    return period[1] === '-' ? now - sum : now + sum;
  }
  return !quoted && /^-?\d+$/.test(text) ? Number(text) : null;
}

export function invalidDate(text: string, field: string): string {
  return `Date value '${text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`;
}
