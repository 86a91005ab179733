import type { TrackerError, TrackerErrorCode } from '../ports.ts';
import type { FaultCode } from './faults.ts';
import { Fault } from './faults.ts';

const codes: Record<TrackerErrorCode, FaultCode> = {
  unreachable: 'jira_unreachable',
  unavailable: 'jira_unavailable',
  rate_limited: 'jira_rate_limited',
  credentials_refused: 'jira_credentials_refused',
  captcha: 'jira_captcha',
  forbidden: 'jira_forbidden',
  not_found: 'issue_not_found',
  invalid: 'jira_invalid',
  too_large: 'attachment_too_large',
  truncated: 'jira_unreachable',
  unexpected: 'jira_unexpected',
};

/** The fault behind an error of the own Jira, in the words of `doing` ("adding a comment to TEST-1"). */
export function trackerFault(error: TrackerError, doing: string): Fault {
  const detail = `While ${doing}: ${saidByJira(error)}`;
  const code = error.reason === null ? codes[error.code] : 'jira_certificate';
  return new Fault(code, detail.slice(0, 2000), { cause: error, retryAfterMs: error.retryAfterMs });
}

/** Jira's own words for what is wrong, else what is known of its answer. */
export function saidByJira(error: TrackerError): string {
  const said = [...error.messages, ...Object.entries(error.fieldErrors).map(([field, text]) => `${field}: ${text}`)];
  return said.length > 0 ? said.join(' ') : error.message;
}
