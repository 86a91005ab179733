import { Fault } from '#/engine/fault/faults.ts';
import { issueFault, mayConcernOneIssue, trackerFault } from '#/engine/fault/tracker-fault.ts';
import { TrackerError } from '#/engine/ports.ts';
import { jiraAnswers } from '../node/jira-answers.ts';
import { PeerError } from '../peer-channel.ts';
import type { Lane } from './lane.ts';
import { peerFault } from './peer-fault.ts';

/** What an error in a lane means, and whom it stops (C9). `doing` names what was tried, for a reader of the Errors page. */
export async function laneFault(lane: Lane, error: unknown, doing = `working on ${issueName(lane)}`): Promise<Fault> {
  if (error instanceof Fault) return error;
  if (error instanceof PeerError) return peerFault(error);
  if (error instanceof TrackerError) {
    const one = mayConcernOneIssue(error) && (await jiraAnswers(lane.ctx));
    return one ? issueFault(error, doing) : trackerFault(error, doing);
  }
  return new Fault('internal', error instanceof Error ? error.message : String(error), { cause: error });
}

/** For texts, also before there is a local issue. */
export function issueName({ twin }: Lane): string {
  return twin.localIssueKey ?? `the twin of ${twin.remoteIssueKey ?? 'a remote issue'}`;
}
