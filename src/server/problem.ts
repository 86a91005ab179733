/** What an administrator reads when something was refused; the one map from errors to texts. */
import { faultText } from '#/engine/fault/faults.ts';
import { certificateRemedies } from '#/kernel/certificate.ts';
import { isDatabaseFull } from '#/services/node/database-full.ts';
import type { PeerError } from '#/services/peer-channel.ts';
import type { ServiceError } from '#/services/errors.ts';
import type { TrackerError } from '#/engine/ports.ts';
import type { Problem } from '#/ui/problem.ts';

/** While the node cannot be composed: its database is away, or it is being set up. */
export const notReady: Problem = {
  summary: 'This node is not ready.',
  why: 'It is starting, or its database cannot be reached.',
  remedy: 'Wait a moment and try again; GET /api/health says what is missing.',
  field: null,
};

export const otherSite: Problem = {
  summary: 'This request did not come from a page of this console.',
  why: 'The browser sent no Origin that belongs to it, or a proxy in between removed it.',
  remedy: 'Use the console under its EXALATE_URL, and let the reverse proxy pass Origin and Host on.',
  field: null,
};

/** null when the error is none that was thrown on purpose: a bug, to be logged and shown as {@link unexpected}. */
export function knownProblem(error: unknown): Problem | null {
  if (isNamed<ServiceError>(error, 'ServiceError')) {
    const { summary, why, remedy, field } = error;
    return { summary, why, remedy, field };
  }
  if (isNamed<TrackerError>(error, 'TrackerError'))
    return {
      summary: 'Jira did not do what was asked.',
      why: trackerWhy(error),
      remedy:
        error.reason === null
          ? 'Check the Jira that this node is attached to, then try again.'
          : certificateRemedies[error.reason],
      field: null,
    };
  if (isNamed<PeerError>(error, 'PeerError'))
    return {
      summary: 'The partner node did not do what was asked.',
      why: 'It could not be reached, or it refused.',
      remedy: 'Check the address and ask the administrator over there whether the node runs, then try again.',
      field: null,
    };
  if (isDatabaseFull(error)) {
    const { summary, why, remedy } = faultText('database_full');
    return { summary, why, remedy, field: null };
  }
  return null;
}

/** By name and not by class: Next gives every entry a module copy of its own, so a class is not one object in a process. */
export function isNamed<T extends Error>(error: unknown, name: T['name']): error is T {
  return error instanceof Error && error.name === name;
}

export const unexpected: Problem = {
  summary: 'Something unexpected happened.',
  why: 'This is a defect of the node; its log has the details.',
  remedy: 'Try again. If it stays, report it with the log lines of this time.',
  field: null,
};

function trackerWhy(error: TrackerError): string {
  switch (error.code) {
    case 'unreachable':
      if (error.reason !== null) return error.message;
      return 'No connection to Jira could be made, or no answer came in time.';
    case 'unavailable':
      return 'Jira answers that it is not available.';
    case 'rate_limited':
      return 'Jira limits the rate of requests.';
    case 'credentials_refused':
      return 'Jira refuses the proxy user.';
    case 'captcha':
      return 'Jira asks the proxy user for a CAPTCHA.';
    case 'forbidden':
      return 'The proxy user lacks a permission.';
    case 'not_found':
      return 'Jira does not know it, or the proxy user may not see it.';
    default:
      return error.messages[0] ?? 'Jira answered in a way that was not expected.';
  }
}
