import { describe, expect, it } from 'vitest';
import { connectionRulesSchema, generateBasicRules, ruleFields } from '#/engine/rules/basic-rules.ts';

describe('generated rules of Basic mode', () => {
  const rules = generateBasicRules();

  it('sync these five fields in both directions and nothing else', () => {
    expect([...ruleFields]).toEqual(['summary', 'description', 'issueType', 'comments', 'attachments']);
    for (const direction of ['outgoing', 'incoming'] as const) {
      expect(rules[direction].map(({ field }) => field)).toEqual([...ruleFields]);
      expect(new Set(rules[direction].map((rule) => rule.direction))).toEqual(new Set([direction]));
    }
  });

  it('survive being stored', () => {
    expect(connectionRulesSchema.parse(JSON.parse(JSON.stringify(rules)))).toEqual(rules);
  });

  it('say what deviates from a plain copy: the type that is missing, and comments that become public', () => {
    const note = (field: string) => rules.incoming.find((rule) => rule.field === field)?.note;
    expect(note('issueType')).toMatch(/default issue type.*Task/);
    expect(note('comments')).toMatch(/public/);
  });
});
