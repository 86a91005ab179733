import { expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';

it('returns the first thing there is to see', async () => {
  const answers = [undefined, null, false, new Error('not yet'), 0];
  const seen = await waitFor('an answer', () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  expect(seen).toBe(0);
});

it('says what was waited for and what was last seen', async () => {
  const never = waitFor('the moon', () => Promise.reject(new Error('clouds')), { timeoutMs: 30, everyMs: 5 });
  await expect(never).rejects.toThrow('Waited 30 ms for the moon; last seen: Error: clouds');
});
