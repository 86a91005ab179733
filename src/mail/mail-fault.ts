import { MailError, type MailErrorCode } from '#/services/notification/mailer.ts';

/** What nodemailer and node:net say, as far as it is needed here. */
interface Said {
  code?: unknown;
  originalCode?: unknown;
  command?: unknown;
  responseCode?: unknown;
}

/**
 * Why a mail was not sent, from codes alone: the server's own words may repeat what was sent to it, the password included.
 * `handedOver`: the text was being given away, so that only a clear no of the server means that it was not sent.
 */
export function mailFault(error: unknown, at: { server: string; handedOver: boolean }): MailError {
  const said: Said = typeof error === 'object' && error !== null ? error : {};
  const answered = typeof said.responseCode === 'number' ? ` (it answered ${said.responseCode})` : '';
  const make = (code: MailErrorCode, text: string): MailError => new MailError(code, text, error);
  const tls = certificateProblem(said);

  if (at.handedOver && answered === '')
    return make('outcome_unknown', `${at.server} took the e-mail and did not say whether it sends it.`);
  if (said.code === 'EAUTH') return make('login_refused', `${at.server} refused user name and password${answered}.`);
  if (said.code === 'ETLS' || said.code === 'EREQUIRETLS' || tls !== null)
    return make(
      'insecure',
      `No protected connection to ${at.server} could be made${tls ?? ' (it does not offer TLS)'}.`,
    );
  if (said.code === 'EENVELOPE')
    return make(
      'address_refused',
      `${at.server} refused the ${said.command === 'MAIL FROM' ? 'sender' : 'recipients'}${answered}.`,
    );
  if (answered !== '') return make('refused', `${at.server} refused the e-mail${answered}.`);
  return make('unreachable', `${at.server} could not be reached: ${whyNot(said)}.`);
}

function certificateProblem({ originalCode, code }: Said): string | null {
  const text = `${String(originalCode)} ${String(code)}`;
  if (/CERT|ALTNAME|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(text)) return ': its certificate is not trusted';
  return /ERR_SSL|EPROTO/.test(text) ? ': it does not speak TLS there' : null;
}

function whyNot({ originalCode, code }: Said): string {
  switch (originalCode ?? code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EDNS':
      return 'its host name is not known';
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'nothing accepts connections there';
    case 'ETIMEDOUT':
      return 'it did not answer in time';
    default:
      return 'the connection was cut';
  }
}
