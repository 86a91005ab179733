/**
 * The few interfaces through which the engine meets the outside world. The Jira adapter (`src/jira`) and the
 * partner channel (`src/peer`) implement them; the composition roots put them together.
 */
import type { Readable } from 'node:stream';
import type { CertificateReason } from '#/kernel/certificate.ts';
import { isErrorNamed } from '#/kernel/error-name.ts';

/** Injected time: `now()` is wall-clock milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** Injected identifiers: `uuid()` is a random (v4) UUID. */
export interface Ids {
  uuid(): string;
}

/** A Jira account as Jira Server names it: `name` is the login, `key` is stable across renames and absent before 4.x-era data. */
export interface TrackerUser {
  name: string;
  key: string | null;
  displayName: string;
}

/** The account the node works with (Jira's `/myself`). `timeZone` is the IANA zone in which Jira reads its JQL dates, null if not sent. */
export interface ProxyUser extends TrackerUser {
  timeZone: string | null;
}

export interface TrackerServer {
  baseUrl: string;
  version: string;
  versionNumbers: readonly number[];
  serverTitle: string;
  /** Jira's own clock in epoch milliseconds, null when Jira does not tell. */
  serverTimeMs: number | null;
}

export interface TrackerProject {
  id: string;
  key: string;
  name: string;
}

export interface TrackerIssueType {
  id: string;
  name: string;
  subtask: boolean;
}

/** A field of the create screen. `custom` is the custom field type (for instance `com.pyxis.greenhopper.jira:gh-epic-label`). */
export interface TrackerCreateField {
  fieldId: string;
  name: string;
  required: boolean;
  hasDefaultValue: boolean;
  custom: string | null;
}

export interface TrackerComment {
  id: string;
  body: string;
  /** null for an anonymous comment. */
  author: TrackerUser | null;
  createdMs: number;
  updatedMs: number;
  /** `{type, value}` when the comment is restricted to a role or group. */
  visibility: { type: string; value: string } | null;
}

export interface TrackerAttachment {
  id: string;
  filename: string;
  sizeBytes: number;
  mimeType: string;
  author: TrackerUser | null;
  createdMs: number;
  /** Absolute URL of the bytes, as Jira gave it. */
  contentUrl: string;
}

/** One field change from the issue's changelog; `field` is Jira's field name (`summary`, `description`, `issuetype`). */
export interface TrackerChange {
  historyId: string;
  atMs: number;
  author: TrackerUser | null;
  field: string;
  from: string | null;
  fromString: string | null;
  to: string | null;
  toString_: string | null;
}

/** An issue as the database of Jira gives it (GET, never search). Comments and attachments are complete. */
export interface TrackerIssue {
  id: string;
  key: string;
  projectId: string;
  projectKey: string;
  summary: string;
  description: string | null;
  issueType: TrackerIssueType;
  parentId: string | null;
  parentKey: string | null;
  creator: TrackerUser | null;
  reporter: TrackerUser | null;
  createdMs: number;
  updatedMs: number;
  comments: readonly TrackerComment[];
  /** null when Jira does not show the field (attachments switched off, or the field hidden): nothing is known of them then. */
  attachments: readonly TrackerAttachment[] | null;
  /** Oldest first; empty unless asked for. */
  changes: readonly TrackerChange[];
  /** Jira's clock when it answered (HTTP `Date`, whole seconds), epoch milliseconds; null when absent. */
  readAtMs: number | null;
}

export interface NewIssue {
  projectId: string;
  issueTypeId: string;
  summary: string;
  description: string | null;
  parentId?: string;
  /** Further fields by id, such as the Epic Name. */
  extraFields?: Readonly<Record<string, unknown>>;
  /** Entity properties set in the same request: the evidence that this issue is ours. */
  properties?: ReadonlyArray<{ key: string; value: unknown }>;
}

/** What may be changed by one edit request; a key that is absent is left alone. */
export interface IssueEdit {
  summary?: string;
  description?: string | null;
  issueTypeId?: string;
}

/** A hit of a search: from the index, so `updatedMs` is cut to whole seconds and may lag. */
export interface SearchHit {
  id: string;
  key: string;
  updatedMs: number;
  createdMs: number;
  /** Only when asked for. */
  summary: string | null;
  /** Only when asked for. */
  content: SearchContent | null;
}

/** What an issue shows, as far as a search gives it. */
export interface SearchContent {
  summary: string;
  description: string | null;
  issueType: string;
  /** null when Jira gave only some of them. */
  comments: readonly Pick<TrackerComment, 'id' | 'body'>[] | null;
  attachments: readonly Pick<TrackerAttachment, 'id'>[] | null;
}

export interface SearchQuery {
  jql: string;
  startAt: number;
  maxResults: number;
  withSummary?: boolean;
  withContent?: boolean;
}

export interface SearchPage {
  startAt: number;
  total: number;
  hits: readonly SearchHit[];
  /** Jira's clock when it answered (HTTP `Date`, whole seconds), epoch milliseconds; null when absent. */
  readAtMs: number | null;
}

export interface Upload {
  filename: string;
  mimeType: string;
  sizeBytes: number;
  /** Exactly `sizeBytes` bytes. An error on the stream aborts the request before Jira sees its end, so nothing is stored. */
  body: AsyncIterable<Uint8Array>;
}

export interface Download {
  body: Readable;
  /** null when Jira sends no Content-Length. */
  sizeBytes: number | null;
}

export interface TrackerWebhook {
  id: string;
  name: string;
  url: string;
  enabled: boolean;
}

/**
 * Jira, as the engine needs it. Every method may throw {@link TrackerError}; its `outcome` says whether a write
 * may have happened.
 */
export interface IssueTracker {
  readonly baseUrl: string;
  /**
   * The same Jira for work that may be taken away: `mayWrite` is called right before each request that changes something is
   * sent, after all waiting for Jira; what it throws is thrown, and nothing was sent.
   */
  guarded(mayWrite: () => void): IssueTracker;
  /** Identity of the proxy user; proves that the credentials work (an anonymous answer is a `credentials_refused` error). */
  myself(): Promise<ProxyUser>;
  /** The same from an answer of the last minute, if there is one: who it is hardly ever changes. */
  proxyUser(): Promise<ProxyUser>;
  server(): Promise<TrackerServer>;
  /** Keys of the permissions the proxy user has, such as `ADMINISTER`, `CREATE_ISSUES`. */
  permissions(scope?: { projectKey?: string; issueKey?: string }): Promise<ReadonlySet<string>>;
  projects(): Promise<readonly TrackerProject[]>;
  /** Issue types the proxy user may create in the project; throws `forbidden` or `not_found` when none can be. */
  creatableIssueTypes(project: { id: string; key: string }): Promise<readonly TrackerIssueType[]>;
  createFields(project: { id: string; key: string }, issueTypeId: string): Promise<readonly TrackerCreateField[]>;
  /** The default type of the project's issue type scheme; only Jira administrators may read it. */
  defaultIssueType(project: { id: string; key: string }): Promise<DefaultIssueType>;
  search(query: SearchQuery): Promise<SearchPage>;
  /** Throws `not_found` when the issue does not exist or is not visible. */
  readIssue(idOrKey: string, options?: { changelog?: boolean }): Promise<TrackerIssue>;
  /** `undefined` when the property is not set. */
  issueProperty(idOrKey: string, key: string): Promise<unknown>;
  /** Whether there is such a comment, be it one that the proxy user may not see. */
  commentExists(commentId: string): Promise<boolean>;
  /** `undefined` when the property is not set. */
  commentProperty(commentId: string, key: string): Promise<unknown>;
  createIssue(issue: NewIssue): Promise<{ id: string; key: string }>;
  editIssue(idOrKey: string, edit: IssueEdit): Promise<void>;
  /** Types to which this issue may be changed by an edit (editmeta's allowed values). */
  editableIssueTypes(idOrKey: string): Promise<readonly TrackerIssueType[]>;
  addComment(
    idOrKey: string,
    comment: { body: string; properties?: ReadonlyArray<{ key: string; value: unknown }> },
  ): Promise<TrackerComment>;
  /** `visibility` must be handed back as it was read: leaving it out may clear the restriction. */
  editComment(
    idOrKey: string,
    commentId: string,
    comment: { body: string; visibility: TrackerComment['visibility'] },
  ): Promise<TrackerComment>;
  /** Succeeds when the comment is already gone. */
  deleteComment(idOrKey: string, commentId: string): Promise<void>;
  attachmentLimits(): Promise<{ enabled: boolean; uploadLimitBytes: number }>;
  downloadAttachment(
    attachment: { id: string; contentUrl: string; sizeBytes: number },
    signal?: AbortSignal,
  ): Promise<Download>;
  uploadAttachment(idOrKey: string, upload: Upload, signal?: AbortSignal): Promise<TrackerAttachment>;
  /** Succeeds when the attachment is already gone. */
  deleteAttachment(attachmentId: string): Promise<void>;
  webhooks(): Promise<readonly TrackerWebhook[]>;
  registerWebhook(hook: { name: string; url: string; jql: string }): Promise<TrackerWebhook>;
  removeWebhook(id: string): Promise<void>;
  /** Forgets cached meta data (types, fields, limits). */
  forgetCaches(): void;
  close(): Promise<void>;
}

export type DefaultIssueType =
  { kind: 'known'; issueType: TrackerIssueType } | { kind: 'none' } | { kind: 'forbidden' };

export const trackerErrorCodes = [
  /** No connection, DNS, TLS, timeout, or a gateway answer (502, 504). */
  'unreachable',
  /** 503, maintenance. */
  'unavailable',
  /** 429. */
  'rate_limited',
  /** Wrong password or token, anonymous answer, redirect to a login page, HTML with status 200. */
  'credentials_refused',
  /** Jira asks for a CAPTCHA; only a log-in by browser or an administrator clears it. */
  'captcha',
  'forbidden',
  'not_found',
  /** 400: the request was understood and refused; `fieldErrors` and `messages` say why. */
  'invalid',
  /** Attachment larger than Jira or a proxy in front allows (404 with size text, 413). */
  'too_large',
  /** A download that ended early or whose size differs from what Jira announced. */
  'truncated',
  /** An answer that is not Jira's REST API. */
  'unexpected',
] as const;
export type TrackerErrorCode = (typeof trackerErrorCodes)[number];

/**
 * What is known about the effect of a failed request: `refused` and `not_performed` mean nothing was changed,
 * `unknown` means that it may have been (time-out, reset after sending, 502).
 */
export type TrackerOutcome = 'refused' | 'not_performed' | 'unknown';

export class TrackerError extends Error {
  override readonly name = 'TrackerError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    // Its subclasses are told apart as usual.
    return this === TrackerError ? isErrorNamed(value, 'TrackerError') : super[Symbol.hasInstance](value);
  }

  readonly code: TrackerErrorCode;
  readonly outcome: TrackerOutcome;
  readonly status: number | null;
  /** Jira's `errorMessages`, in the language of the account. Never contains credentials or response HTML. */
  readonly messages: readonly string[];
  /** Jira's `errors` by field id. */
  readonly fieldErrors: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | null;
  /** Why Jira could not be reached, as far as that needs a remedy of its own. */
  readonly reason: CertificateReason | null;
  /** A web page answered in the place of the REST API: a log-in page, or something that is no Jira. */
  readonly webPage: boolean = false;

  constructor(
    code: TrackerErrorCode,
    details: {
      message: string;
      outcome: TrackerOutcome;
      status?: number | null;
      messages?: readonly string[];
      fieldErrors?: Readonly<Record<string, string>>;
      retryAfterMs?: number | null;
      reason?: CertificateReason | null;
      cause?: unknown;
    },
  ) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.outcome = details.outcome;
    this.status = details.status ?? null;
    this.messages = details.messages ?? [];
    this.fieldErrors = details.fieldErrors ?? {};
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.reason = details.reason ?? null;
  }
}
