import type { Destination } from '#/services/connection/look-up-destination.ts';
import type { Problem } from '#/ui/problem.ts';

/** What the wizard needs to know of the destination. */
export interface Target {
  kind: 'node' | 'own' | 'unknown';
  name: string;
  /** Shown under the field it was found from. */
  text: string;
  modes: ReadonlyArray<{ mode: 'BASIC' | 'VISUAL' | 'SCRIPT'; available: boolean; reason: string | null }>;
}

const notHere = 'This node does not support this mode: it comes with Exalate itself, not with this open edition.';

/** The destination while its URL is not known: only what this node supports by itself. */
export const unknownTarget: Target = {
  kind: 'unknown',
  name: 'destination',
  text: 'The destination becomes known when its administrator accepts the invitation.',
  modes: [
    { mode: 'BASIC', available: true, reason: null },
    { mode: 'VISUAL', available: false, reason: notHere },
    { mode: 'SCRIPT', available: false, reason: notHere },
  ],
};

/** The destination that was found, or the problem to show at the URL field. */
export function toTarget(destination: Destination): Target | Problem {
  switch (destination.kind) {
    case 'node': {
      const { name, issueTrackerUrl, issueTrackerVersion, callbackUrl } = destination.info;
      const tracker =
        issueTrackerUrl === null
          ? callbackUrl
          : `${issueTrackerUrl}${issueTrackerVersion ? `, Jira ${issueTrackerVersion}` : ''}`;
      return { kind: 'node', name, text: `${name} (${tracker})`, modes: destination.modes };
    }
    case 'own':
      return {
        kind: 'own',
        name: 'this node',
        text: 'This is your own instance: a local connection between two of its projects.',
        modes: destination.modes,
      };
    case 'jira_without_node':
      return {
        summary: `This is ${destination.title}, Jira ${destination.version}, but no Exalate node was found for it.`,
        why: 'The node may have an address of its own, or none is installed there.',
        remedy:
          "Ask its administrator for the Exalate URL (over there under General Settings), or tick “I don't have a URL” and send an invitation.",
        field: 'destinationUrl',
      };
  }
}

export function isProblem(value: Target | Problem): value is Problem {
  return 'summary' in value;
}
