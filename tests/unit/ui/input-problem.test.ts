import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputProblem, parseForPeople } from '#/services/input-problem.ts';
import { plainText } from '#/services/plain-text.ts';
import { parseInput } from '#/services/connection/parse-input.ts';

const schema = z.object({
  id: z.uuid(),
  name: z.string().trim().min(1, { error: 'Give it a name.' }).max(255),
  note: z.string().min(1).max(10_000),
  kind: z.enum(['one', 'two']),
  plain: plainText(300).optional(),
  chosen: z.uuid('Invalid choices are none: choose one.'),
  lines: z.array(z.string()).max(10_000),
});
const good = {
  id: '0b7a4a5e-8a0f-4b0a-9d7e-3a1f0a3c9b01',
  name: 'n',
  note: 'n',
  kind: 'one',
  chosen: '0b7a4a5e-8a0f-4b0a-9d7e-3a1f0a3c9b01',
  lines: [],
};
const problem = (change: object) => inputProblem(parseForPeople(schema, { ...good, ...change }).error?.issues[0]);

describe('what is said about an input that cannot be used', () => {
  it.each([
    [{ id: 'nonsense' }, 'This does not exist here.'],
    [{ id: 'ffffffff-ffff-ffff-ffff-fffffffffff0' }, 'This does not exist here.'],
    [{ plain: 'a\0b' }, 'This contains the character NUL, which cannot be stored.'],
    [{ chosen: '' }, 'Invalid choices are none: choose one.'],
    [{ name: '' }, 'Give it a name.'],
    [{ name: 'x'.repeat(256) }, 'This is too long: it may have 255 characters at most.'],
    [{ note: '' }, 'This is empty.'],
    [{ note: 'x'.repeat(10_001) }, 'This is too long: it may have 10,000 characters at most.'],
    [{ note: undefined }, 'Something is missing.'],
    [{ note: 5 }, 'This does not have the expected form.'],
    [{ kind: 'three' }, 'This does not have the expected form.'],
    [{ lines: Array.from({ length: 10_001 }, () => '') }, 'This is too much: 10,000 at most.'],
  ])('%# is a sentence for people', (change, summary) => {
    const told = problem(change);
    expect(told.summary).toBe(summary);
    expect(JSON.stringify(told)).not.toMatch(/uuid|expected string|received|<=|>=/i);
  });

  it('names the field, but for an id, behind which nothing can be', () => {
    expect(problem({ name: '' })).toMatchObject({ field: 'name', unknownId: false });
    expect(problem({ chosen: '' })).toMatchObject({ field: 'chosen', unknownId: false });
    expect(problem({ id: 'x' })).toMatchObject({ field: null, unknownId: true });
    expect(() => parseInput(schema, { ...good, id: 'x' })).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(() => parseInput(schema, { ...good, name: '' })).toThrow(
      expect.objectContaining({ code: 'invalid_input', field: 'name' }),
    );
  });
});
