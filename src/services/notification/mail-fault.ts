import { Fault, type FaultCode } from '#/engine/fault/faults.ts';
import type { MailError, MailErrorCode } from './mailer.ts';

const codes: Record<MailErrorCode, FaultCode> = {
  unreachable: 'mail_unreachable',
  login_refused: 'mail_login_refused',
  insecure: 'mail_insecure',
  address_refused: 'mail_address_refused',
  refused: 'mail_refused',
  outcome_unknown: 'mail_unreachable',
};

export const mailFaults: readonly FaultCode[] = [...new Set(Object.values(codes))];

/** The fault behind an e-mail that could not be sent. */
export function mailFault(error: MailError): Fault {
  return new Fault(codes[error.code], error.message, { cause: error });
}

export function isMailFault(code: string): boolean {
  return mailFaults.some((known) => known === code);
}
