import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { DeliveryEntry } from '../control/api.ts';
import type { Jira } from '../core/jira.ts';
import { searchReader } from './reader.ts';
import { matchesJql } from '../search/run.ts';
import type { ChangeRecord, CommentRecord, IssueRecord, Json, UserRecord, WebhookRecord } from '../store/records.ts';
import { changelogPart, commentPart, head, issuePart, userPart } from './payloads.ts';

const KEEP = 5000;
const TIMEOUT_MS = 20_000;

interface Outgoing {
  hook: WebhookRecord;
  entry: DeliveryEntry;
  body: string;
}

/** Sends events to the registered webhooks: asynchronously, once, without a retry. */
export class WebhookSender {
  readonly #jira: Jira;
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 20 });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 20 });
  readonly #timers = new Set<NodeJS.Timeout>();
  #entries: DeliveryEntry[] = [];
  #lastId = 0;
  #held: Outgoing | null = null;
  #closed = false;
  /** Off while data is made in bulk. */
  silent = false;

  constructor(jira: Jira) {
    this.#jira = jira;
  }

  issueCreated(user: UserRecord | null, issue: IssueRecord): void {
    this.#issueEvent('jira:issue_created', 'issue_created', user, issue, () => ({}));
  }

  issueUpdated(
    user: UserRecord | null,
    issue: IssueRecord,
    change: ChangeRecord,
    type: string,
    comment: CommentRecord | null,
  ): void {
    this.#issueEvent('jira:issue_updated', type, user, issue, () => ({
      ...changelogPart(change),
      ...(comment === null ? {} : commentPart(this.#jira, comment)),
    }));
  }

  issueDeleted(user: UserRecord | null, issue: IssueRecord): void {
    this.#issueEvent('jira:issue_deleted', 'issue_deleted', user, issue, () => ({}));
  }

  commentCreated(issue: IssueRecord, comment: CommentRecord): void {
    this.#emit('comment_created', issue, () => ({
      ...head(comment.created, 'comment_created'),
      ...commentPart(this.#jira, comment),
    }));
  }

  /** The second delivery of a new comment. `issue` is the one before its `updated` moved: so the real payload comes to be stale. */
  issueCommented(user: UserRecord | null, issue: IssueRecord, comment: CommentRecord): void {
    this.#issueEvent('jira:issue_updated', 'issue_commented', user, issue, () => commentPart(this.#jira, comment));
  }

  commentUpdated(user: UserRecord | null, issue: IssueRecord, comment: CommentRecord): void {
    this.#commentEvent('comment_updated', user, issue, comment);
    this.#issueEvent('jira:issue_updated', 'issue_comment_edited', user, issue, () => commentPart(this.#jira, comment));
  }

  commentDeleted(user: UserRecord | null, issue: IssueRecord, comment: CommentRecord): void {
    this.#commentEvent('comment_deleted', user, issue, comment);
    this.#issueEvent('jira:issue_updated', 'issue_comment_deleted', user, issue, () => ({}));
  }

  #commentEvent(event: string, user: UserRecord | null, issue: IssueRecord, comment: CommentRecord): void {
    this.#emit(event, issue, () => ({
      ...head(this.#jira.now(), event),
      ...userPart(this.#jira, user),
      ...commentPart(this.#jira, comment),
    }));
  }

  #issueEvent(
    event: string,
    type: string,
    user: UserRecord | null,
    issue: IssueRecord,
    more: () => Record<string, unknown>,
  ): void {
    this.#emit(event, issue, () => ({
      ...head(this.#jira.now(), event),
      ...(this.#jira.version.atLeast(7) ? { issue_event_type_name: type } : {}),
      ...userPart(this.#jira, user),
      issue: issuePart(this.#jira, issue),
      ...more(),
    }));
  }

  /** The body is fixed at the event, the sending comes later. */
  #emit(event: string, issue: IssueRecord, build: () => Record<string, unknown>): void {
    if (this.silent || this.#jira.store.webhooks.size === 0) return;
    let body: string | null = null;
    for (const hook of this.#jira.store.webhooks.values()) {
      if (!hook.enabled || !hook.events.includes(event) || !this.#passes(hook, issue)) continue;
      body ??= JSON.stringify(build());
      this.#enqueue(hook, event, issue, hook.excludeBody ? '' : body);
    }
  }

  #passes(hook: WebhookRecord, issue: IssueRecord): boolean {
    try {
      return matchesJql(this.#jira, hook.jql, issue, searchReader(this.#jira, hook));
    } catch {
      return false; // a filter that is no valid JQL any more lets nothing through
    }
  }

  #enqueue(hook: WebhookRecord, event: string, issue: IssueRecord, body: string): void {
    this.#lastId += 1;
    const entry: DeliveryEntry = {
      id: String(this.#lastId),
      webhookId: hook.id,
      event,
      issueKey: issue.key,
      url: expandUrl(hook.url, issue),
      at: this.#jira.now(),
      state: 'waiting',
      status: null,
      error: null,
      body: body === '' ? null : (JSON.parse(body) as Json),
    };
    this.#entries.push(entry);
    if (this.#entries.length > 2 * KEEP) this.#entries = this.#entries.slice(-KEEP);
    this.#withFaults({ hook, entry, body });
  }

  #withFaults(outgoing: Outgoing): void {
    const { random, faults } = this.#jira;
    const { lost = 0, doubled = 0, reordered = 0, delayMs = 0 } = faults.webhooks;
    if (lost > 0 && random.next() < lost) {
      outgoing.entry.state = 'lost';
      return;
    }
    if (reordered > 0 && this.#held === null && random.next() < reordered) {
      this.#held = outgoing;
      // nothing may follow: then it goes a little later by itself
      this.#later(500, () => this.#release());
      return;
    }
    const times = doubled > 0 && random.next() < doubled ? 2 : 1;
    for (let time = 0; time < times; time += 1) this.#later(delayMs, () => this.#send(outgoing));
    if (this.#held !== null) this.#later(delayMs + 5, () => this.#release());
  }

  #release(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#send(held);
  }

  #later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#closed) action();
    }, ms);
    this.#timers.add(timer);
  }

  #send({ hook, entry, body }: Outgoing): void {
    const secure = entry.url.startsWith('https:');
    const signature =
      hook.secret === null
        ? {}
        : { 'X-Hub-Signature': `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}` };
    const fail = (error: unknown): void => {
      entry.state = 'failed';
      entry.error = error instanceof Error ? error.message : String(error);
    };
    try {
      const options = {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        timeout: TIMEOUT_MS,
        headers: {
          'Content-Type': 'application/json; charset=UTF-8',
          'Content-Length': Buffer.byteLength(body),
          'User-Agent': `Atlassian HttpClient 2.1.5 / JIRA-${this.#jira.version.text} (${this.#jira.version.buildNumber}) / Default`,
          ...signature,
        },
      };
      const request = (secure ? httpsRequest : httpRequest)(entry.url, options, (answer) => {
        answer.resume();
        entry.status = answer.statusCode ?? null;
        entry.state = (answer.statusCode ?? 500) < 300 ? 'delivered' : 'failed';
      });
      request.on('timeout', () => request.destroy(new Error('timeout')));
      request.on('error', fail);
      request.end(body);
    } catch (error) {
      fail(error);
    }
  }

  deliveries(): DeliveryEntry[] {
    return this.#entries.slice(-KEEP);
  }

  forget(): void {
    this.#entries = [];
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** `${issue.key}` up to 9.x, `{issue.key}` from 10. */
function expandUrl(url: string, issue: IssueRecord): string {
  return url
    .replace(/\$?\{issue\.(key|id)\}/g, (_all, part: string) =>
      encodeURIComponent(part === 'key' ? issue.key : issue.id),
    )
    .replace(/\$?\{project\.(key|id)\}/g, (_all, part: string) =>
      encodeURIComponent(part === 'key' ? (issue.key.split('-')[0] ?? '') : issue.projectId),
    );
}
