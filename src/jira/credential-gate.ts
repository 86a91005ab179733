import { TrackerError } from '#/engine/ports.ts';
import type { Clock, ProxyUser } from '#/engine/ports.ts';
import type { CredentialsRefusal } from './error-response.ts';

/**
 * Never repeats a wrong password. About three wrong ones lock a Jira account behind a CAPTCHA, which then refuses the right
 * password too (measured on 10.3.24 by knobas), so:
 * - credentials that were not yet seen to work are tried by one `/myself` alone, while all other calls wait for its result;
 * - once refused, every call fails at once with the same error and sends nothing, until the time for a re-check has come; then
 *   again one `/myself` alone tries. New credentials mean a new client, which starts afresh.
 * Only what is already in flight at the moment a password changes can fail more than once.
 */
export class CredentialGate {
  readonly #clock: Clock;
  readonly #recheckMs: Readonly<Record<CredentialsRefusal, number>>;
  readonly #prove: () => Promise<ProxyUser>;
  #proof: { user: ProxyUser; atMs: number } | null = null;
  #refusal: { error: TrackerError; untilMs: number } | null = null;
  #proving: Promise<ProxyUser> | null = null;

  /** `prove` asks `/myself` outside this gate and must report a refusal by {@link refuse} before it throws. */
  constructor(options: {
    clock: Clock;
    recheckMs: Readonly<Record<CredentialsRefusal, number>>;
    prove: () => Promise<ProxyUser>;
  }) {
    this.#clock = options.clock;
    this.#recheckMs = options.recheckMs;
    this.#prove = options.prove;
  }

  /** Notes that Jira refused the credentials. */
  refuse(error: TrackerError, kind: CredentialsRefusal): void {
    const untilMs = this.#clock.now() + this.#recheckMs[kind];
    if (untilMs > (this.#refusal?.untilMs ?? 0)) this.#refusal = { error, untilMs };
    this.#proof = null;
  }

  /** Before a request: throws while the credentials count as refused; otherwise returns, after a proof if there was none. */
  async pass(): Promise<void> {
    this.#throwWhileRefused();
    if (this.#proof === null) await this.#proveOnce();
  }

  /** After a request waited for its turn: throws when the credentials were refused meanwhile. */
  check(): void {
    if (this.#refusal !== null) throw repeated(this.#refusal.error, this.#leftMs(this.#refusal));
  }

  /** The account, from a `/myself` answered at most `maxAgeMs` ago (0: from now on). */
  async identity(maxAgeMs: number): Promise<ProxyUser> {
    this.#throwWhileRefused();
    const proof = this.#proof;
    if (proof !== null && maxAgeMs > 0 && this.#clock.now() - proof.atMs <= maxAgeMs) return proof.user;
    return this.#proveOnce();
  }

  /** Whether an answer's `X-AUSERNAME` (URL-encoded login) names the account that was proved. */
  isOurs(header: string): boolean {
    const name = this.#proof?.user.name.toLowerCase();
    return name !== undefined && decodedNames(header).some((candidate) => candidate.toLowerCase() === name);
  }

  #throwWhileRefused(): void {
    const refusal = this.#refusal;
    if (refusal === null || this.#proving !== null) return;
    const leftMs = this.#leftMs(refusal);
    if (leftMs > 0) throw repeated(refusal.error, leftMs);
  }

  #leftMs(refusal: { untilMs: number }): number {
    return Math.max(0, refusal.untilMs - this.#clock.now());
  }

  #proveOnce(): Promise<ProxyUser> {
    this.#proving ??= this.#prove()
      .then((user) => {
        this.#proof = { user, atMs: this.#clock.now() };
        this.#refusal = null;
        return user;
      })
      .finally(() => {
        this.#proving = null;
      });
    return this.#proving;
  }
}

function decodedNames(header: string): string[] {
  try {
    return [header, decodeURIComponent(header), decodeURIComponent(header.replaceAll('+', ' '))];
  } catch {
    return [header];
  }
}

function repeated(error: TrackerError, leftMs: number): TrackerError {
  return new TrackerError(error.code, {
    message: error.message,
    outcome: 'not_performed',
    status: error.status,
    messages: error.messages,
    retryAfterMs: leftMs,
    cause: error,
  });
}
