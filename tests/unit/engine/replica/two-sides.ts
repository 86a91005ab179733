/**
 * A model of two Jiras and the pure part of their nodes: people edit, messages are delivered late, twice and in any order,
 * nodes look and write whenever the script says so. It knows nothing of HTTP or databases.
 */
import type { Delta } from '#/engine/protocol/messages.ts';
import type { TrackerAttachment, TrackerComment, TrackerIssue } from '#/engine/ports.ts';
import { acknowledge, unsentDelta } from '#/engine/replica/delta.ts';
import { merge } from '#/engine/replica/merge.ts';
import { observe } from '#/engine/replica/observe.ts';
import { isDone, plan, settle } from '#/engine/replica/plan.ts';
import type { CommentEntry, FieldState, Overwritten, TwinState } from '#/engine/replica/state.ts';
import { emptyState, isAlive } from '#/engine/replica/state.ts';
import type { Side } from '#/engine/replica/stamp.ts';
import { authorLine, withAuthorLine } from '#/engine/replica/text.ts';

interface ModelComment {
  id: string;
  body: string;
  author: string;
  updatedMs: number;
  /** Out of the proxy user's sight; `untold` where Jira, when asked, says that there is no such comment. */
  hidden: 'told' | 'untold' | null;
}

/** One side: what its Jira holds, and what its node knows. */
export class ModelSide {
  readonly side: Side;
  summary = 'start';
  summaryAtMs = 1;
  comments: ModelComment[] = [];
  attachments: { id: string; filename: string }[] = [];
  state: TwinState;
  overwritten: Overwritten[] = [];
  writes = 0;
  private ids = 100;
  private readonly clock: () => number;

  constructor(side: Side, clock: () => number) {
    this.side = side;
    this.clock = clock;
    this.state = emptyState(side);
  }

  editSummary(text: string): void {
    this.summary = text;
    this.summaryAtMs = this.clock();
  }

  addComment(body: string, author = 'Ada'): string {
    this.ids += 1;
    this.comments.push({ id: String(this.ids), body, author, updatedMs: this.clock(), hidden: null });
    return String(this.ids);
  }

  editComment(index: number, change: (body: string) => string): void {
    const comment = this.comments[index % Math.max(1, this.comments.length)];
    if (comment === undefined) return;
    comment.body = change(comment.body);
    comment.updatedMs = this.clock();
  }

  deleteComment(index: number): void {
    this.comments.splice(index % Math.max(1, this.comments.length), 1);
  }

  hideComment(index: number, how: 'told' | 'untold'): void {
    const comment = this.comments[index % Math.max(1, this.comments.length)];
    if (comment !== undefined) comment.hidden = how;
  }

  showComments(): void {
    for (const comment of this.comments) comment.hidden = null;
  }

  attach(filename: string): void {
    this.ids += 1;
    this.attachments.push({ id: String(this.ids), filename });
  }

  detach(index: number): void {
    this.attachments.splice(index % Math.max(1, this.attachments.length), 1);
  }

  look(): void {
    const told = this.comments.filter(({ hidden }) => hidden === 'told').map(({ id }) => id);
    const observation = observe(this.state, this.asIssue(), new Set(told));
    this.state = settle(observation.state);
    this.overwritten.push(...observation.overwritten);
  }

  receive(delta: Delta): void {
    const result = merge(this.state, delta);
    this.state = settle(result.state);
    this.overwritten.push(...result.overwritten);
  }

  /** What a node does before it overwrites anything: look, then write all that differs. */
  carryOut(): void {
    if (this.state.fields.summary !== undefined) this.look();
    this.state = settle(this.state);
    const work = plan(this.state);
    for (const name of work.fields) this.writeField(name);
    for (const comment of work.deleteComments) {
      this.writes += 1;
      this.comments = this.comments.filter(({ id }) => id !== comment.localId);
      this.put({ ...comment, localId: null, realized: null });
    }
    for (const comment of work.editComments) this.writeComment(comment);
    for (const comment of work.addComments) {
      this.writes += 1;
      const line = authorLine(comment.authorName);
      const text = withAuthorLine(line, comment.body);
      const localId = this.addComment(text, 'proxy');
      this.put({ ...comment, localId, authorLine: line, realized: { text, stamp: comment.stamp } });
    }
    for (const attachment of work.deleteAttachments) {
      this.writes += 1;
      this.attachments = this.attachments.filter(({ id }) => id !== attachment.localId);
      this.state = {
        ...this.state,
        attachments: new Map(this.state.attachments).set(attachment.uid, { ...attachment, localId: null }),
      };
    }
    for (const attachment of work.addAttachments) {
      this.writes += 1;
      this.attach(attachment.filename);
      this.state = {
        ...this.state,
        attachments: new Map(this.state.attachments).set(attachment.uid, { ...attachment, localId: String(this.ids) }),
      };
    }
  }

  unsent(): Delta {
    return unsentDelta(this.state);
  }

  acknowledged(delta: Delta): void {
    this.state = acknowledge(this.state, delta);
  }

  get quiet(): boolean {
    return isDone(plan(settle(this.state)));
  }

  /** What a person compares: the texts without author lines, and the files. */
  shown(): { summary: string; comments: string[]; attachments: string[] } {
    const entries = new Map([...this.state.comments.values()].map((entry) => [entry.localId, entry]));
    return {
      summary: this.summary,
      comments: this.comments
        .map((comment) => {
          const line = entries.get(comment.id)?.authorLine ?? null;
          return line !== null && comment.body.startsWith(`${line}\n`)
            ? comment.body.slice(line.length + 1)
            : comment.body;
        })
        .toSorted(),
      attachments: this.attachments.map(({ filename }) => filename).toSorted(),
    };
  }

  livingEntries(): number {
    return [...this.state.comments.values()].filter(isAlive).length;
  }

  private writeField(name: 'summary' | 'description'): void {
    const field = this.state.fields[name];
    if (field === undefined) return;
    this.writes += 1;
    if (name === 'summary') {
      this.summary = field.value;
      this.summaryAtMs = this.clock();
    }
    const written: FieldState = { ...field, realized: { text: field.value, stamp: field.stamp } };
    this.state = { ...this.state, fields: { ...this.state.fields, [name]: written } };
  }

  private writeComment(comment: CommentEntry): void {
    const shown = this.comments.find(({ id }) => id === comment.localId);
    if (shown === undefined) return;
    this.writes += 1;
    shown.body = withAuthorLine(comment.authorLine, comment.body);
    shown.updatedMs = this.clock();
    this.put({ ...comment, realized: { text: shown.body, stamp: comment.stamp } });
  }

  private put(comment: CommentEntry): void {
    this.state = { ...this.state, comments: new Map(this.state.comments).set(comment.uid, comment) };
  }

  private asIssue(): TrackerIssue {
    const user = (name: string) => ({ name, key: name, displayName: name });
    return {
      id: '1',
      key: 'TEST-1',
      projectId: '1',
      projectKey: 'TEST',
      summary: this.summary,
      description: null,
      issueType: { id: '1', name: 'Task', subtask: false },
      parentId: null,
      parentKey: null,
      creator: null,
      reporter: null,
      createdMs: 1,
      updatedMs: this.summaryAtMs,
      comments: this.comments
        .filter(({ hidden }) => hidden === null)
        .map((comment): TrackerComment => ({
          id: comment.id,
          body: comment.body,
          author: user(comment.author),
          createdMs: Number(comment.id),
          updatedMs: comment.updatedMs,
          visibility: null,
        })),
      attachments: this.attachments.map((attachment): TrackerAttachment => ({
        id: attachment.id,
        filename: attachment.filename,
        sizeBytes: 1,
        mimeType: 'text/plain',
        author: user('Ada'),
        createdMs: Number(attachment.id),
        contentUrl: 'http://jira/x',
      })),
      changes: [],
      readAtMs: null,
    };
  }
}

export class TwoSides {
  readonly a: ModelSide;
  readonly b: ModelSide;
  /** Every delta that was ever sent, so that it can be delivered again at any later time. */
  readonly sent: { to: Side; delta: Delta }[] = [];
  private now = 1000;

  constructor(skewMs = 0) {
    this.a = new ModelSide('initiator', () => (this.now += 1));
    this.b = new ModelSide('acceptor', () => (this.now += 1) + skewMs);
    this.b.state = emptyState('acceptor');
    this.a.look();
    this.b.receive(this.a.unsent());
    this.a.acknowledged(this.a.unsent());
    this.b.summary = 'start';
    const summary = this.b.state.fields.summary;
    const fields: Record<string, FieldState> = {};
    for (const [name, field] of Object.entries(this.b.state.fields)) {
      fields[name] = { ...field, realized: { text: field.value, stamp: field.stamp } };
    }
    this.b.state = { ...this.b.state, fields: summary === undefined ? {} : fields };
  }

  send(from: ModelSide, deliver: boolean): void {
    const delta = from.unsent();
    const to = from === this.a ? this.b : this.a;
    this.sent.push({ to: to.side, delta });
    if (!deliver) return;
    to.receive(delta);
    from.acknowledged(delta);
  }

  deliverAgain(index: number): void {
    const message = this.sent[index % Math.max(1, this.sent.length)];
    if (message === undefined) return;
    (message.to === 'initiator' ? this.a : this.b).receive(message.delta);
  }

  /** Lets both nodes work until nothing is left to do; throws when that does not come to an end. */
  stabilize(): void {
    for (let round = 0; round < 12; round += 1) {
      const writes = this.a.writes + this.b.writes;
      for (const side of [this.a, this.b]) {
        side.look();
        this.send(side, true);
      }
      for (const side of [this.a, this.b]) side.carryOut();
      const settled = this.a.quiet && this.b.quiet && this.a.writes + this.b.writes === writes;
      if (settled && isEmpty(this.a.unsent()) && isEmpty(this.b.unsent())) return;
    }
    throw new Error('The two sides never come to rest: something echoes.');
  }
}

function isEmpty(delta: Delta): boolean {
  return Object.keys(delta.fields).length === 0 && delta.comments.length === 0 && delta.attachments.length === 0;
}
