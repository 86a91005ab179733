/**
 * The one error that use cases throw on purpose. `summary` says what happened, `why` its cause, `remedy` what to do next;
 * all three are shown to the admin, escaped by the page. Anything else that is thrown is a bug and is shown as one fixed
 * sentence.
 */
import { isErrorNamed } from '#/kernel/error-name.ts';

export const serviceErrorCodes = [
  'forbidden',
  'not_found',
  'invalid_input',
  'conflict',
  'jira_not_configured',
  'jira_unavailable',
  'partner_unreachable',
  'partner_refused',
  'invitation_invalid',
  'rules_are_fixed',
] as const;
export type ServiceErrorCode = (typeof serviceErrorCodes)[number];

export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'ServiceError');
  }

  readonly code: ServiceErrorCode;
  readonly summary: string;
  readonly why: string;
  readonly remedy: string;
  /** Form field to which the error belongs, if any. */
  readonly field: string | null;

  constructor(
    code: ServiceErrorCode,
    text: { summary: string; why: string; remedy: string; field?: string; cause?: unknown },
  ) {
    super(text.summary, text.cause === undefined ? undefined : { cause: text.cause });
    this.code = code;
    this.summary = text.summary;
    this.why = text.why;
    this.remedy = text.remedy;
    this.field = text.field ?? null;
  }
}
