/** Sends e-mail by SMTP (nodemailer): one connection per mail, TLS wherever a password is sent. */
import { getCACertificates } from 'node:tls';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';
import type { Mailer, OutgoingMail } from '#/services/notification/mailer.ts';
import { mailFault } from './mail-fault.ts';

const connectMs = 10_000;
const answerMs = 30_000;

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…:465`; the password is percent-encoded. */
  url: string;
  /** Name by which this node introduces itself, and the host of its default sender. */
  ownHost: string;
  /** Further certificate authorities (PEM). */
  caPem?: string | undefined;
}

export function createSmtpMailer(options: SmtpOptions): Mailer {
  const url = new URL(options.url);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (secure ? 465 : 587);
  const user = decodeURIComponent(url.username);
  const pass = decodeURIComponent(url.password);
  const connection = {
    host,
    port,
    secure,
    name: options.ownHost,
    // A password in clear text would be read by whoever is on the way; a server on this machine has no way.
    requireTLS: !secure && user !== '' && !isThisMachine(host),
    connectionTimeout: connectMs,
    greetingTimeout: answerMs,
    socketTimeout: answerMs,
    dnsTimeout: connectMs,
    tls: options.caPem === undefined ? {} : { ca: [...getCACertificates('default'), options.caPem] },
  };
  return {
    server: `${url.hostname}:${port}`,
    defaultFrom: /^[^\s@<>]+@[^\s@<>]+$/.test(user) ? user : `exalate@${options.ownHost}`,
    async send(mail, handingOver) {
      const body = await composed(mail);
      const smtp = new SMTPConnection(connection);
      let handedOver = false;
      const notGiven: { error: unknown }[] = [];
      // Read only once the server has said that it takes the text (354).
      const text = Readable.from(
        (async function* () {
          await handingOver().catch((error: unknown) => {
            notGiven.push({ error });
            throw error;
          });
          handedOver = true;
          yield body;
        })(),
      );
      const step = steps(smtp);
      try {
        await step((done) => smtp.connect(done));
        if (user !== '') await step((done) => smtp.login({ user, pass }, done));
        const envelope = { from: mail.from, to: [...mail.to], size: body.length };
        const { rejected } = await step<{ rejected: string[] }>((done) => smtp.send(envelope, text, done));
        return { refused: rejected };
      } catch (error) {
        throw notGiven[0] === undefined
          ? mailFault(error, { server: `${url.hostname}:${port}`, handedOver })
          : notGiven[0].error;
      } finally {
        smtp.quit();
        smtp.close();
        text.destroy();
      }
    },
  };
}

async function composed(mail: OutgoingMail): Promise<Buffer> {
  return new MailComposer({
    from: { name: 'Exalate', address: mail.from },
    to: mail.to.map((address) => ({ name: '', address })),
    subject: mail.subject,
    text: mail.text,
    messageId: `<${mail.id}>`,
    date: mail.sentAt,
    // Neither out-of-office replies nor mailing lists answer to this (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** A step ends by its callback, or with the connection: what is lost then is told by an event alone. */
function steps(
  smtp: SMTPConnection,
): <Result = boolean>(run: (done: (error?: SMTPError | null, result?: Result) => void) => void) => Promise<Result> {
  const broken = new Promise<never>((_resolve, reject) => {
    smtp.on('error', reject);
    smtp.on('end', () => reject(new Error('The connection was closed.')));
  });
  broken.catch(() => undefined);
  return <Result>(run: (done: (error?: SMTPError | null, result?: Result) => void) => void) =>
    Promise.race([
      broken,
      new Promise<Result>((resolve, reject) => {
        run((error, result) => (error ? reject(error) : resolve(result as Result)));
      }),
    ]);
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
