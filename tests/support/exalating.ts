/** Issues that a person makes in A, put under sync by an admin of A. */
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import type { SyncStatus } from '#/services/twin/sync-status.ts';
import type { Pair } from './pair.ts';
import { waitFor } from './wait-for.ts';

export interface Exalating {
  /** The key of a new issue. */
  issueInA(type: string, fields?: Record<string, unknown>): Promise<string>;
  /** The id of its twin in A. */
  exalate(key: string): Promise<string>;
  /** The status once nothing more happens by itself. */
  outcome(twinId: string): Promise<SyncStatus>;
}

export function exalating(pair: Pair): Exalating {
  return {
    async issueInA(type, fields = {}) {
      const { json } = await pair.a.rest('POST', '/issue', {
        fields: { project: { key: 'TEST' }, issuetype: { name: type }, summary: `A ${type}`, ...fields },
      });
      return (json as { key: string }).key;
    },
    async exalate(issueKey) {
      const result = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey });
      if (result.kind !== 'started') throw new Error(result.kind);
      return result.twinId;
    },
    outcome: (twinId) =>
      waitFor('the sync to end', async () => {
        const status = await syncStatus(pair.a.ctx, { twinId });
        return status.finished ? status : null;
      }),
  };
}
