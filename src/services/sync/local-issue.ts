import type { Lane } from './lane.ts';

/** Id of the local issue in a step that is only reached once it exists. */
export function localIssue(lane: Lane): string {
  const id = lane.twin.localIssueId;
  if (id === null) throw new Error('The twin has no local issue yet.');
  return id;
}
