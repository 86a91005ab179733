/** How use cases send e-mail; implemented by `src/mail` over SMTP. */
import { isErrorNamed } from '#/kernel/error-name.ts';

export interface OutgoingMail {
  from: string;
  to: readonly string[];
  subject: string;
  /** Plain text; there is no HTML part. */
  text: string;
  /** Without angle brackets, the same for every try of the same mail. */
  id: string;
  sentAt: Date;
}

export interface Mailer {
  /** Host and port, for people; no credentials. */
  readonly server: string;
  /** Sender unless the admin has set another one. */
  readonly defaultFrom: string;
  /**
   * Resolves when the server has taken the mail for at least one recipient, with the addresses that it refused. Throws
   * {@link MailError}. `handingOver` runs before the first byte of the text is given away: what fails before it, was not
   * sent. When it throws nothing is sent.
   */
  send(mail: OutgoingMail, handingOver: () => Promise<void>): Promise<{ refused: readonly string[] }>;
}

export type MailErrorCode =
  /** No connection, or no answer in time. */
  | 'unreachable'
  /** User name or password. */
  | 'login_refused'
  /** No TLS, or a certificate that is not trusted. */
  | 'insecure'
  /** Sender or every recipient. */
  | 'address_refused'
  /** Any other answer that is no. */
  | 'refused'
  /** Cut off after the text was handed over: it may have been sent. */
  | 'outcome_unknown';

export class MailError extends Error {
  override readonly name = 'MailError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'MailError');
  }

  readonly code: MailErrorCode;

  /** `message`: one sentence without secrets. */
  constructor(code: MailErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
