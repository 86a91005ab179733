import { describe, expect, it } from 'vitest';
import { jqlCondition, jqlList, jqlMinute, jqlString, jqlZone } from '#/engine/jql.ts';
import { namesIssues } from '#/jira/search.ts';

describe('JQL strings', () => {
  it.each([
    ['ENG', '"ENG"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['" OR project = SECRET OR "', '"\\" OR project = SECRET OR \\""'],
    ['a\r\nb\tc', '"a\\r\\nb\\tc"'],
    ['nul\u0000bell\u0007', '"nulbell"'],
    ["it's über 漢字", '"it\'s über 漢字"'],
  ])('%j cannot leave its quotes', (value, literal) => {
    expect(jqlString(value)).toBe(literal);
  });

  it('joins lists and refuses an empty one, which JQL would refuse', () => {
    expect(jqlList(['A', 'B"'])).toBe('("A", "B\\"")');
    expect(() => jqlList([])).toThrow();
  });
});

describe('JQL minutes in the zone of the account', () => {
  it.each([
    ['2026-08-11T17:48:59.999Z', 'UTC', '2026-08-11 17:48'],
    ['2026-08-11T17:48:00.000Z', 'Asia/Kathmandu', '2026-08-11 23:33'],
    ['2026-01-01T00:10:00.000Z', 'America/Los_Angeles', '2025-12-31 16:10'],
    ['2026-06-30T22:00:00.000Z', 'Europe/Berlin', '2026-07-01 00:00'],
    // Spring forward: 01:59 CET is followed by 03:00 CEST.
    ['2026-03-29T00:59:00.000Z', 'Europe/Berlin', '2026-03-29 01:59'],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29 03:00'],
    // Fall back: the same wall minute twice, an hour apart.
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25 02:30'],
    ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25 02:30'],
  ])('%s in %s is %s', (instant, zone, literal) => {
    expect(jqlMinute(Date.parse(instant), zone)).toBe(literal);
  });

  it.each(['Europe/Berlin', 'Pacific/Kiritimati', 'Pacific/Niue', null])(
    'a zone that this runtime does not know makes it no later than it is in any zone, such as %s',
    (zone) => {
      const instant = Date.parse('2026-08-11T17:48:00.000Z');
      expect(jqlMinute(instant, jqlZone('Mars/Olympus')) <= jqlMinute(instant, jqlZone(zone))).toBe(true);
      expect(jqlZone(zone)).toBe(zone ?? 'UTC');
    },
  );
});

describe("a user's query joined to ours", () => {
  it.each([
    ['project = A OR project = B', '(project = A OR project = B)'],
    ['project = A ORDER BY key DESC', '(project = A)'],
    ['summary ~ "order by me" order  by created', '(summary ~ "order by me")'],
    ["summary ~ 'x\\' order by y'", "(summary ~ 'x\\' order by y')"],
    ['(project = A)ORDER BY key', '((project = A))'],
    ['reorder = byte', '(reorder = byte)'],
    ['ORDER BY created', ''],
    ['  ', ''],
  ])('%j becomes %j', (jql, condition) => {
    expect(jqlCondition(jql)).toBe(condition);
  });
});

describe('queries that name issues one by one', () => {
  it.each([
    ['id in (1, 2)', true],
    ['project = A AND issuekey in (A-1)', true],
    ['key = A-1', true],
    ['id > 100 ORDER BY id', true],
    ['project = "key = A-1"', false],
    ['project = A ORDER BY key ASC', false],
    ['updated >= "2026-01-01 00:00" ORDER BY updated, id', false],
    ['"Customer id" = 5', false],
  ])('%j: %s', (jql, named) => {
    expect(namesIssues(jql)).toBe(named);
  });
});
