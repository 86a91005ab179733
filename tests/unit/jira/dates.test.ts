import { describe, expect, it } from 'vitest';
import { parseHttpDate, parseJiraDate } from '#/jira/dates.ts';

describe('Jira timestamps', () => {
  it.each([
    ['2026-08-11T17:48:16.809+0000', '2026-08-11T17:48:16.809Z'],
    ['2026-08-11T17:48:16.809+0800', '2026-08-11T09:48:16.809Z'],
    ['2026-08-11T17:48:16.809-0330', '2026-08-11T21:18:16.809Z'],
    ['2026-01-01T00:30:00.000+05:30', '2025-12-31T19:00:00.000Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
    ['2026-08-11T17:48:16+0000', '2026-08-11T17:48:16.000Z'],
  ])('%s is the instant %s', (text, instant) => {
    expect(parseJiraDate(text)).toBe(Date.parse(instant));
  });

  it.each([
    '',
    '2026-08-11',
    '2026-02-30T00:00:00.000+0000',
    '2026-13-01T00:00:00.000+0000',
    '2026-08-11T25:00:00.000+0000',
    'yesterday',
  ])('%j is not taken for an instant', (text) => {
    expect(parseJiraDate(text)).toBeNull();
  });

  it('reads the HTTP date of an answer and survives its absence', () => {
    expect(parseHttpDate('Tue, 11 Aug 2026 17:48:16 GMT')).toBe(Date.UTC(2026, 7, 11, 17, 48, 16));
    expect(parseHttpDate(undefined)).toBeNull();
    expect(parseHttpDate('nonsense')).toBeNull();
  });
});
