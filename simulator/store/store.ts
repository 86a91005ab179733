import { Collection, Grouped } from './collection.ts';
import { Journal } from './journal.ts';
import type {
  AttachmentRecord,
  ChangeRecord,
  CommentRecord,
  CounterRecord,
  CustomFieldRecord,
  IssueLinkRecord,
  IssueRecord,
  IssueTypeRecord,
  ProjectRecord,
  SchemeRecord,
  TokenRecord,
  UserRecord,
  WebhookRecord,
  WorklogRecord,
} from './records.ts';

/** The database of the simulated Jira: immediate, exact to the millisecond. The search index is elsewhere and may lag behind it. */
export class Store {
  readonly counters = new Collection<CounterRecord>('counters');
  readonly users = new Collection<UserRecord>('users');
  readonly tokens = new Collection<TokenRecord>('tokens');
  readonly issueTypes = new Collection<IssueTypeRecord>('issueTypes');
  readonly schemes = new Collection<SchemeRecord>('schemes');
  readonly customFields = new Collection<CustomFieldRecord>('customFields');
  readonly projects = new Collection<ProjectRecord>('projects');
  readonly issues = new Collection<IssueRecord>('issues');
  readonly comments = new Collection<CommentRecord>('comments');
  readonly attachments = new Collection<AttachmentRecord>('attachments');
  readonly changes = new Collection<ChangeRecord>('changes');
  readonly worklogs = new Collection<WorklogRecord>('worklogs');
  readonly links = new Collection<IssueLinkRecord>('links');
  readonly webhooks = new Collection<WebhookRecord>('webhooks');

  readonly commentsOf = new Grouped(this.comments, (one) => one.issueId);
  readonly attachmentsOf = new Grouped(this.attachments, (one) => one.issueId);
  readonly changesOf = new Grouped(this.changes, (one) => one.issueId);
  readonly worklogsOf = new Grouped(this.worklogs, (one) => one.issueId);
  readonly subtasksOf = new Grouped(this.issues, (one) => one.parentId);
  readonly issuesOf = new Grouped(this.issues, (one) => one.projectId);
  readonly linksFrom = new Grouped(this.links, (one) => one.inwardId);
  readonly linksTo = new Grouped(this.links, (one) => one.outwardId);

  readonly #issueIdByKey = new Map<string, string>();
  readonly #userByName = new Map<string, UserRecord>();
  readonly #projectByKey = new Map<string, string>();
  readonly #journal: Journal | null;

  constructor(dataDir: string | null) {
    this.issues.onChange((_id, now, before) => {
      if (before !== undefined) for (const key of [before.key, ...before.oldKeys]) this.#issueIdByKey.delete(key);
      if (now !== undefined) for (const key of [now.key, ...now.oldKeys]) this.#issueIdByKey.set(key, now.id);
    });
    this.users.onChange((_id, now, before) => {
      if (before !== undefined) this.#userByName.delete(before.name.toLowerCase());
      if (now !== undefined) this.#userByName.set(now.name.toLowerCase(), now);
    });
    this.projects.onChange((_id, now, before) => {
      if (before !== undefined) this.#projectByKey.delete(before.key);
      if (now !== undefined) this.#projectByKey.set(now.key, now.id);
    });
    this.#journal = dataDir === null ? null : new Journal(dataDir, this.#all());
  }

  #all(): Collection<{ id: string }>[] {
    const all = [
      this.counters, this.users, this.tokens, this.issueTypes, this.schemes, this.customFields, this.projects,
      this.issues, this.comments, this.attachments, this.changes, this.worklogs, this.links, this.webhooks,
    ]; // prettier-ignore
    return all as unknown as Collection<{ id: string }>[];
  }

  get isEmpty(): boolean {
    return this.users.size === 0 && this.projects.size === 0;
  }

  /** The next number of a sequence; ids are never given twice. */
  next(sequence: string, first = 10000): number {
    const value = (this.counters.get(sequence)?.value ?? first - 1) + 1;
    this.counters.put({ id: sequence, value });
    return value;
  }

  nextId(sequence: string): string {
    return String(this.next(sequence));
  }

  /** By id, key (any case) or a key it had before it was moved. */
  issue(idOrKey: string): IssueRecord | undefined {
    return this.issues.get(idOrKey) ?? this.issues.get(this.#issueIdByKey.get(idOrKey.toUpperCase()));
  }

  userByName(name: string): UserRecord | undefined {
    return this.#userByName.get(name.toLowerCase());
  }

  project(idOrKey: string): ProjectRecord | undefined {
    return this.projects.get(idOrKey) ?? this.projects.get(this.#projectByKey.get(idOrKey.toUpperCase()));
  }

  /** Forgets everything, the sequences too: ids start anew. */
  clear(): void {
    for (const collection of this.#all()) collection.clear();
  }

  flush(): void {
    this.#journal?.flush();
  }
}
