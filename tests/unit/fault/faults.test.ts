import { describe, expect, it } from 'vitest';
import { faults, impacts } from '#/engine/fault/faults.ts';
import { digestMail } from '#/engine/notification/digest.ts';
import { oneLine } from '#/engine/notification/one-line.ts';

const all = Object.entries(faults);

describe('every fault', () => {
  it.each(all)('%s says what happened, why, and what to do', (_code, { impact, summary, why, remedy }) => {
    expect(impacts).toContain(impact);
    for (const text of [summary, why, remedy]) {
      expect(text.length).toBeGreaterThan(15);
      expect(text).toMatch(/^[A-Z].*\.$/);
    }
    expect(new Set([summary, why, remedy]).size).toBe(3);
  });

  it('has a summary of its own, so that two kinds are never taken for one', () => {
    const summaries = all.map(([, { summary }]) => summary);
    expect(new Set(summaries).size).toBe(summaries.length);
  });

  it.each(all)('%s is told by e-mail with cause and remedy', (code, { summary, why, remedy }) => {
    const at = new Date('2026-01-02T03:04:05Z');
    const error = { id: 'e1', code, summary, connection: null, issue: null, count: 1, firstAt: at, lastAt: at };
    const { subject, text } = digestMail([error], { nodeName: 'N', exalateUrl: 'https://n.example' });
    expect(subject).toBe(`Exalate, N: ${summary}`);
    for (const part of [summary, why, remedy, 'https://n.example/errors?error=e1', '2026-01-02 03:04 UTC'])
      expect(text).toContain(part);
  });
});

describe('text of other people in one line', () => {
  it.each([
    ['a\r\nBcc: b', 'a Bcc: b'],
    ['  a \t b\u2028c\u0085d  ', 'a b c d'],
    ['safe\u202egnp.exe\u200b', 'safe gnp.exe'],
    ['Zoë 🦓', 'Zoë 🦓'],
  ])('%j becomes %j', (given, wanted) => expect(oneLine(given)).toBe(wanted));

  it('is cut between characters', () => expect(oneLine('🦓'.repeat(300), 3)).toBe('🦓🦓…'));
});
