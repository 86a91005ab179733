/**
 * Every fault that sync knows: whom it stops (C9), whether it heals by itself, and what an admin reads about it.
 */
import { isErrorNamed } from '#/kernel/error-name.ts';

export const impacts = ['issue', 'connection', 'node', 'trigger', 'warning'] as const;
export type Impact = (typeof impacts)[number];

export interface FaultText {
  impact: Impact;
  /** `heals`: tried again with growing pauses. `stays`: tried again when something changes or an admin asks. */
  course: 'heals' | 'stays';
  summary: string;
  why: string;
  remedy: string;
}

export const faults = {
  jira_unreachable: {
    impact: 'node',
    course: 'heals',
    summary: 'The own Jira cannot be reached.',
    why: 'No connection could be made, or it was cut before an answer came.',
    remedy: 'Check that Jira runs and that this node can reach it. Sync continues by itself.',
  },
  jira_certificate: {
    impact: 'node',
    course: 'heals',
    summary: 'The certificate of the own Jira is not accepted.',
    why: 'It is self-signed, from an authority that this node does not know, expired, or for another host name.',
    remedy:
      'Look at the technical detail. Renew the certificate, or name its authority in JIRA_CA_FILE or NODE_EXTRA_CA_CERTS and restart the node.',
  },
  jira_unavailable: {
    impact: 'node',
    course: 'heals',
    summary: 'The own Jira answers that it is not available.',
    why: 'Jira is starting, under maintenance or overloaded.',
    remedy: 'Wait, or check Jira. Sync continues by itself.',
  },
  jira_rate_limited: {
    impact: 'node',
    course: 'heals',
    summary: 'The own Jira limits the rate of requests.',
    why: 'The proxy user made more requests than Jira allows.',
    remedy: 'Nothing needs to be done. To go faster, exempt the proxy user from rate limiting in Jira.',
  },
  jira_credentials_refused: {
    impact: 'node',
    course: 'heals',
    summary: 'The own Jira refuses the proxy user.',
    why: 'The password or token is wrong, expired or revoked.',
    remedy:
      'Give valid credentials: in General Settings when Jira was given on the set-up page, else in JIRA_TOKEN (or JIRA_USERNAME and JIRA_PASSWORD), then restart the node.',
  },
  jira_captcha: {
    impact: 'node',
    course: 'heals',
    summary: 'The own Jira asks the proxy user for a CAPTCHA.',
    why: 'Too many log-ins with a wrong password were made with this account.',
    remedy:
      'Log in to Jira once in a browser as the proxy user, or let a Jira administrator reset the failed log-in count.',
  },
  jira_unexpected: {
    impact: 'node',
    course: 'heals',
    summary: 'The own Jira gives answers that are not those of its REST API.',
    why: 'A maintenance page, a log-in page of single sign-on, a proxy or a firewall answers in its place, or Jira itself fails.',
    remedy:
      'During maintenance nothing needs to be done: sync continues by itself. Else check the Jira URL, what lies between this node and Jira, and the log of Jira.',
  },
  database_full: {
    impact: 'node',
    course: 'heals',
    summary: 'The disk of this node’s database is full.',
    why: 'PostgreSQL cannot store anything more, so nothing is synchronised. Nothing is lost: what changes stays in both Jiras.',
    remedy:
      'Make room on the disk that holds the database (DATA_DIR, unless DATABASE_URL is set). Sync continues by itself.',
  },
  partner_unreachable: {
    impact: 'connection',
    course: 'heals',
    summary: 'The partner node cannot be reached.',
    why: 'No connection could be made, or no answer came in time.',
    remedy: 'Ask the partner whether its node runs. Changes are kept and sent when it is back.',
  },
  partner_certificate: {
    impact: 'connection',
    course: 'heals',
    summary: 'The certificate of the partner node is not accepted.',
    why: 'It is self-signed, from an authority that this node does not know, expired, or for another host name.',
    remedy:
      'Look at the technical detail. Ask the partner for a valid certificate, or name its authority in JIRA_CA_FILE or NODE_EXTRA_CA_CERTS and restart this node. Changes are kept and sent then.',
  },
  partner_refuses: {
    impact: 'connection',
    course: 'heals',
    summary: 'The partner node refuses our messages.',
    why: 'Signature, clock or version do not match what the partner expects.',
    remedy: 'Compare the clocks and versions of both nodes; if a node was restored or copied, connect again.',
  },
  partner_connection_gone: {
    impact: 'connection',
    course: 'stays',
    summary: 'The connection was removed on the destination side.',
    why: 'The partner node no longer knows this connection.',
    remedy: 'Delete the connection here, or ask the partner and set up a new one.',
  },
  project_hidden: {
    impact: 'connection',
    course: 'stays',
    summary: 'Issues under sync have become invisible in the own Jira.',
    why: 'The proxy user lost its permission to browse the project, or the project was archived or deleted.',
    remedy:
      'Give the proxy user the Browse Projects permission again, then activate the connection. Nothing was deleted.',
  },
  comments_vanished: {
    impact: 'connection',
    course: 'stays',
    summary: 'Comments of many issues have vanished from the own Jira.',
    why: 'They were deleted in numbers, or the proxy user may not see them any more.',
    remedy:
      'Look at one of the issues. Give the proxy user its project roles and groups again or, if the comments are really to be deleted on both sides, do nothing; then activate the connection. Nothing was deleted on the other side for those that are left.',
  },
  no_issue_type: {
    impact: 'issue',
    course: 'stays',
    summary: 'No issue type fits.',
    why: 'The project has neither this issue type, nor a default issue type, nor Task.',
    remedy: 'Add the issue type or Task to the project’s issue type scheme, or choose a default type, then retry.',
  },
  required_fields: {
    impact: 'issue',
    course: 'stays',
    summary: 'The project demands fields that Basic mode does not fill.',
    why: 'The create screen has required fields without a default value.',
    remedy: 'Make the fields optional or give them a default value in the field configuration, then retry.',
  },
  jira_forbidden: {
    impact: 'issue',
    course: 'stays',
    summary: 'The proxy user may not make this change.',
    why: 'Jira refused it for lack of permission.',
    remedy: 'Give the proxy user the permission in the project’s permission scheme, then retry.',
  },
  jira_invalid: {
    impact: 'issue',
    course: 'stays',
    summary: 'Jira did not accept the change.',
    why: 'A value does not fit what this Jira allows; its own words are in the technical detail.',
    remedy: 'Change the value on either side, or the setting in Jira that refuses it, then retry.',
  },
  comment_refused: {
    impact: 'issue',
    course: 'stays',
    summary: 'Jira does not accept a comment.',
    why: 'Its text is longer than this Jira allows, together with the line that names its author, or there is no text left. The technical detail names it; everything else of the issue is synchronised.',
    remedy:
      'Shorten or change the comment on the side where it was written, delete it there, or raise this Jira’s limit for texts (jira.text.field.character.limit), then retry.',
  },
  jira_issue_failed: {
    impact: 'issue',
    course: 'heals',
    summary: 'The own Jira fails at this issue.',
    why: 'It answers other requests, but this one failed in Jira itself or was refused by something in front of it; what was said is in the technical detail.',
    remedy:
      'Look at the log of Jira at that time: often a listener fails, or its database cannot store a character. If a firewall refuses the text, allow it there. It is tried again by itself.',
  },
  issue_not_found: {
    impact: 'issue',
    course: 'stays',
    summary: 'The issue cannot be found.',
    why: 'It does not exist, or the proxy user may not see it.',
    remedy: 'Check the key and the proxy user’s Browse Projects permission, then retry.',
  },
  attachment_too_large: {
    impact: 'issue',
    course: 'stays',
    summary: 'An attachment is larger than this Jira allows.',
    why: 'The attachment size limit of this Jira, or of a proxy in front of it, is lower than the file.',
    remedy: 'Raise the limit in Jira (System, Attachments) or remove the file, then retry.',
  },
  file_unreadable: {
    impact: 'issue',
    course: 'heals',
    summary: 'A file cannot be read from the own Jira, so the partner does not get it.',
    why: 'Jira lists the file but does not give it out: it is missing on the disk, may not be read, or this version takes no access token for files (8.14 does not); what Jira said is in the technical detail.',
    remedy:
      'Put the file back into Jira’s attachment directory, or delete the attachment. Where Jira takes no token for files, give the proxy user’s name and password instead. The partner asks again by itself; everything else is synchronised meanwhile.',
  },
  partner_file_unreadable: {
    impact: 'issue',
    course: 'heals',
    summary: 'The partner cannot hand over a file of its issue.',
    why: 'Its Jira does not give out the file; the file and the reason are in the technical detail.',
    remedy:
      'The partner’s Errors page has what its Jira said. It is asked for again by itself; everything else is synchronised meanwhile.',
  },
  attachment_damaged: {
    impact: 'issue',
    course: 'stays',
    summary: 'An attachment arrived damaged twice.',
    why: 'The bytes received do not have the checksum that the partner computed.',
    remedy: 'Check the network and proxies between the nodes, then retry.',
  },
  partner_message_refused: {
    impact: 'issue',
    course: 'stays',
    summary: 'The partner does not take this change.',
    why: 'The partner node refused the message; its reason is in the technical detail.',
    remedy: 'Look at the reason, mend it there or here, then retry.',
  },
  connect_refused: {
    impact: 'issue',
    course: 'stays',
    summary: 'The other side refuses to connect its issue.',
    why: 'The partner node looked at its issue and cannot pair it; its reason is in the technical detail.',
    remedy: 'Mend the reason and retry, or take this issue out of sync.',
  },
  trigger_failed: {
    impact: 'trigger',
    course: 'heals',
    summary: 'A trigger could not be evaluated.',
    why: 'Jira does not accept its query any more; its own words are in the technical detail.',
    remedy:
      'Correct the query of the trigger, or deactivate it. Changes made meanwhile are looked at once it works again.',
  },
  mail_unreachable: {
    impact: 'warning',
    course: 'heals',
    summary: 'The mail server cannot be reached.',
    why: 'No connection to the server of SMTP_URL could be made, or it was cut; no notification goes out meanwhile.',
    remedy: 'Check SMTP_URL and that this node may reach the server. E-mail is tried again by itself.',
  },
  mail_login_refused: {
    impact: 'warning',
    course: 'heals',
    summary: 'The mail server refuses user name and password.',
    why: 'Those in SMTP_URL are wrong or no longer valid; no notification goes out meanwhile.',
    remedy: 'Correct SMTP_URL (special characters percent-encoded) and restart the node.',
  },
  mail_insecure: {
    impact: 'warning',
    course: 'heals',
    summary: 'The mail server offers no connection that can be trusted.',
    why: 'It has no TLS, or its certificate is not trusted, so user name and password were not sent.',
    remedy: 'Use smtps:// or a server with STARTTLS; give a private certificate authority as JIRA_CA_FILE.',
  },
  mail_address_refused: {
    impact: 'warning',
    course: 'heals',
    summary: 'The mail server refuses an address.',
    why: 'It does not accept the sender, or one of the recipients.',
    remedy: 'Correct sender and recipients in General Settings, Notifications, and send a test e-mail.',
  },
  mail_refused: {
    impact: 'warning',
    course: 'heals',
    summary: 'The mail server refuses an e-mail.',
    why: 'It accepted addresses and credentials, but not the e-mail itself.',
    remedy: 'Look at the log of the mail server for the reason. E-mail is tried again by itself.',
  },
  internal: {
    impact: 'issue',
    course: 'heals',
    summary: 'Something unexpected happened while working on this issue.',
    why: 'This is a defect of the node; its log has the details.',
    remedy: 'It is tried again by itself. If it stays, report it with the log lines of this time.',
  },
} as const satisfies Record<string, FaultText>;

export type FaultCode = keyof typeof faults;

export function faultText(code: FaultCode): FaultText {
  return faults[code];
}

export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faults, code);
}

/** A fault met on the way, with the detail that only this case knows. */
export class Fault extends Error {
  override readonly name = 'Fault';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'Fault');
  }

  readonly code: FaultCode;
  /** One or two sentences beyond the fixed text; never secrets, never HTML. */
  readonly detail: string;
  readonly retryAfterMs: number | null;

  constructor(code: FaultCode, detail: string, options: { cause?: unknown; retryAfterMs?: number | null } = {}) {
    super(`${faults[code].summary} ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
