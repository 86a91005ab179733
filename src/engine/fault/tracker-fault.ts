import type { TrackerError, TrackerErrorCode } from '../ports.ts';
import type { FaultCode } from './faults.ts';
import { Fault, faults } from './faults.ts';

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
  return faultAs(codeOf(error), error, doing);
}

/** The same for work that belongs to no issue: it stops the node until Jira answers again, whatever Jira said. */
export function nodeFault(error: TrackerError, doing: string): Fault {
  const code = codeOf(error);
  return faultAs(faults[code].impact === 'node' ? code : 'jira_unexpected', error, doing);
}

/** The same for work on an issue, while Jira answers otherwise: what Jira cannot do for this one stops no other (C9). */
export function issueFault(error: TrackerError, doing: string): Fault {
  return faultAs(mayConcernOneIssue(error) ? 'jira_issue_failed' : codeOf(error), error, doing);
}

/** Whether Jira may answer so to requests for one issue only: a 5xx, a misfit, a page of something in front of it. */
export function mayConcernOneIssue(error: TrackerError): boolean {
  return codeOf(error) === 'jira_unexpected';
}

/** A web page in place of an answer comes from maintenance or single sign-on: wrong credentials are answered otherwise. */
function codeOf(error: TrackerError): FaultCode {
  if (error.reason !== null) return 'jira_certificate';
  return error.webPage ? 'jira_unexpected' : codes[error.code];
}

function faultAs(code: FaultCode, error: TrackerError, doing: string): Fault {
  const detail = `While ${doing}: ${saidByJira(error)}`;
  return new Fault(code, detail.slice(0, 2000), { cause: error, retryAfterMs: error.retryAfterMs });
}

/** Jira's own words for what is wrong, else what is known of its answer. */
function saidByJira(error: TrackerError): string {
  const said = [...error.messages, ...Object.entries(error.fieldErrors).map(([field, text]) => `${field}: ${text}`)];
  return said.length > 0 ? said.join(' ') : error.message;
}
