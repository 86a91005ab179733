/** A person's edits in Jira A, and when each of them was to be seen in Jira B. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WriteEntry } from '../../simulator/index.ts';
import { waitFor } from '../../tests/support/wait-for.ts';
import { BareJira } from '../bare/jira.ts';
import type { Issue } from './issues.ts';
import type { World } from './world.ts';

export interface Target {
  source: Issue;
  target: Issue;
}

let series = 0;

/**
 * Edits summaries and adds comments in turn at a fixed pace, whether or not earlier ones have arrived. Gives milliseconds
 * from one Jira's write to the other's, both by the simulators' own logs, so that measuring costs no requests.
 */
export async function makeEdits(
  { a, b }: World,
  targets: readonly Target[],
  pace: { count: number; everyMs: number },
): Promise<number[]> {
  const person = new BareJira(a.jiraUrl, 'jane');
  for (const { control } of [a, b]) await control.resetStatistics();
  series += 1;
  const texts = Array.from({ length: pace.count }, (_none, index) => `edit ${series}.${index} end`);
  const started = performance.now();
  const sent = texts.map(async (text, index) => {
    await delay(Math.max(0, started + index * pace.everyMs - performance.now()));
    const issue = targets[index % targets.length]?.source.id ?? '';
    // Each round over the issues edits what the round before commented on, and the other way round.
    const comment = (index + Math.floor(index / targets.length)) % 2 === 1;
    if (comment) await person.addComment(issue, text);
    else await person.editSummary(issue, text);
  });
  await Promise.all(sent);
  const arrived = await waitFor(
    'all edits to arrive',
    async () => {
      const found = byText(await b.control.writes(), texts);
      return found.size === texts.length ? found : null;
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  const made = byText(await a.control.writes(), texts);
  return texts.map((text) => (arrived.get(text) ?? Number.NaN) - (made.get(text) ?? Number.NaN));
}

/** Time of the first write that carries each text. */
function byText(writes: readonly WriteEntry[], texts: readonly string[]): Map<string, number> {
  const bodies = writes.map(({ at, body }) => ({ at, body: JSON.stringify(body) }));
  const found = new Map<string, number>();
  for (const text of texts) {
    const first = bodies.find(({ body }) => body.includes(text));
    if (first !== undefined) found.set(text, first.at);
  }
  return found;
}
