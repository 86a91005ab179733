import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nodeInfoSchema, projectRefSchema } from '#/engine/invitation/invitation.ts';

const info = (name: string) => ({
  name,
  callbackUrl: 'https://partner.example',
  issueTrackerUrl: null,
  nodeType: 'JIRA_SERVER',
  issueTrackerVersion: null,
  nodeVersion: '0.1.0',
  protocol: { min: 1, max: 1 },
  modes: ['BASIC'],
  instanceUid: randomUUID(),
  pollOnly: false,
});

describe('names that another node gives itself', () => {
  it('lose control characters and switches of the writing direction', () => {
    expect(nodeInfoSchema.parse(info('A\u0000B\u0007\nC\u202EevilD\u2066'))).toMatchObject({ name: 'A B  C evilD ' });
    expect(projectRefSchema.parse({ key: 'A\tB', name: '\u001b[31mred' })).toEqual({ key: 'A B', name: ' [31mred' });
  });

  it('keep what other languages need', () => {
    for (const name of ['Übung & Söhne', '田中商事', 'شرکت\u200cها', '👩\u200d🔧 Werkstatt'])
      expect(nodeInfoSchema.parse(info(name)).name).toBe(name);
  });

  it('are refused when nothing is left, or when they are longer than a name is', () => {
    for (const name of ['', '\u0000\u0007', 'x'.repeat(10_000)])
      expect(nodeInfoSchema.safeParse(info(name)).success).toBe(false);
  });

  it('cannot bring an address that is no web address', () => {
    for (const callbackUrl of ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x'])
      expect(nodeInfoSchema.safeParse({ ...info('A'), callbackUrl }).success).toBe(false);
  });
});
