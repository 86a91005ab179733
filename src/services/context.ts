/**
 * What every use case is given. A verb is `async function verb(ctx: ServiceContext, input: Input): Promise<Result>`:
 * it authorises `ctx.actor`, parses its input, does one transaction (with audit and wake-ups) and returns plain data.
 * The same verb serves a button, an endpoint, the worker and a test.
 */
import type { Clock, Ids, IssueTracker } from '#/engine/ports.ts';
import type { Connection, Db, Tx } from '#/db/models.ts';
import type { Logger } from '#/observability/logger.ts';
import type { Meter } from './metrics/durations.ts';
import type { Mailer } from './notification/mailer.ts';
import type { PeerChannel } from './peer-channel.ts';
import type { SyncTuning } from './sync/tuning.ts';

export type Actor =
  | { kind: 'admin'; name: string; displayName: string }
  | { kind: 'system'; name: string }
  | { kind: 'partner'; connectionId: string };

/** Who this node is, as partners and pages see it. URLs carry no trailing slash. */
export interface NodeIdentity {
  instanceUid: string;
  name: string;
  exalateUrl: string;
  version: string;
  pollOnly: boolean;
}

export interface SecretBox {
  seal(plaintext: string, aad: string): string;
  open(sealed: string, aad: string): string;
  /** A 256-bit secret that only this node can derive again, base64url (HKDF over the encryption key). */
  derive(label: string): string;
}

/** Wake-up calls for the workers; losing one costs time, never work. */
export interface Waker {
  /** Tells the workers that these twins' lanes are due. Call it after the transaction that set `wakeAt` has committed. */
  twins(twinIds: readonly string[]): Promise<void>;
  /** Tells open pages that something they may show has changed. */
  pages(topic: PageTopic): Promise<void>;
}

export type PageTopic = { kind: 'connection'; id: string } | { kind: 'twin'; id: string } | { kind: 'node' };

/** Calls the web process that holds a private partner's poll; losing a call costs a moment, never work. */
export interface PollBell {
  /** Something waits for the partner of this connection. Call it after the commit. */
  ring(connectionId: string): Promise<void>;
  watch(connectionId: string): Promise<BellWatch>;
}

export interface BellWatch {
  /** Resolves at once when the bell rang since the last wait, else at the next ring, after `ms`, or when aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** The process is stopping. */
  readonly closed: boolean;
  end(): void;
}

/** Where the pieces of a file pass from the web process that receives it to the lane that uploads it. */
export interface FilePassage {
  /** false when nobody waits for this file any more. */
  put(transferId: string, seq: number, bytes: Uint8Array): Promise<boolean>;
  /** Up to `most` pieces from number `next` on, in order; they are gone afterwards. */
  take(transferId: string, next: number, most: number): Promise<Buffer[]>;
}

export interface ServiceContext {
  readonly actor: Actor;
  readonly db: Db;
  readonly node: NodeIdentity;
  /** This node's Jira; throws a `ServiceError` with code `jira_not_configured` while none is set up. */
  readonly jira: () => IssueTracker;
  readonly peer: PeerChannel;
  readonly secrets: SecretBox;
  readonly wake: Waker;
  /** Without it polls find what waits by looking four times a second. */
  readonly polls?: PollBell;
  /** Needed for files of private partners only. */
  readonly files?: FilePassage;
  /** null: no mail server is set. */
  readonly mail?: Mailer | null;
  /** Counts how long things take; tests do without. */
  readonly meter?: Meter;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Shorter times and crash points, for tests only. */
  readonly sync?: Partial<SyncTuning>;
}

export function asActor(ctx: ServiceContext, actor: Actor): ServiceContext {
  return { ...ctx, actor };
}

export type { Connection, Db, Tx };
