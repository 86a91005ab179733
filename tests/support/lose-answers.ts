import type { ControlApi } from '../../simulator/control/api.ts';

/**
 * That share of sync's writes is performed, and the answer lost, in both ways that can happen: half of them are cut, half are
 * answered by a proxy's 502. The second fault meets only what the first let pass, so it has to hit more of that.
 */
export async function loseAnswers(control: ControlApi, share: number): Promise<void> {
  const match = { method: ['POST', 'PUT', 'DELETE'], user: 'admin', path: '/rest/api/2/(issue|attachment)' };
  const half = share / 2;
  await control.addFault({ kind: 'performThenCut', match: { ...match, probability: half } });
  await control.addFault({ kind: 'performThen502', match: { ...match, probability: half / (1 - half) } });
}

export interface LostAnswers {
  /** What sync wrote to issues, comments and files and Jira performed. */
  writes: number;
  /** Of these, the answer never reached the node. */
  lost: number;
}

/** Counted by Jira itself, so that a run without faults cannot pass for a good one. */
export async function lostAnswers(controls: readonly ControlApi[]): Promise<LostAnswers> {
  const writes = (await Promise.all(controls.map((control) => control.writes({ user: 'admin' }))))
    .flat()
    .filter(({ path }) => /^\/rest\/api\/2\/(issue|attachment)/.test(path));
  return { writes: writes.length, lost: writes.filter(({ answerLost }) => answerLost).length };
}
