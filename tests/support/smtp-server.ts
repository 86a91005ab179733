/** A mail server in this process: as much of SMTP (RFC 5321, AUTH PLAIN and LOGIN) as a client needs, and what goes wrong with one. */
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface ReceivedMail {
  from: string;
  to: readonly string[];
  /** As sent, dots unstuffed. */
  source: string;
  /** Unfolded, names in lower case. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** Decoded. */
  text: string;
  user: string | null;
  encrypted: boolean;
}

/** A step at which the server stops answering, until the connection is gone. */
export type SilentAt = 'greeting' | 'RCPT' | 'text';

export interface SmtpServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** Steps that clients have reached. */
  readonly reached: readonly string[];
  /** Asked for when set. */
  credentials: { user: string; password: string } | null;
  silentAt: SilentAt | null;
  /** Answers instead of the usual ones, by command: `text` is the end of the mail. */
  refuse: Partial<Record<'MAIL' | 'RCPT' | 'text', string>>;
  stop(): Promise<void>;
}

/** `implicit`: as behind smtps://, encrypted from the first byte. `offered`: by STARTTLS (RFC 3207). */
export interface SmtpTls {
  certificate: Certificate;
  way: 'implicit' | 'offered';
}

export async function startSmtpServer(port = 0, tls: SmtpTls | null = null): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const reached: string[] = [];
  const sockets = new Set<Socket>();
  const settings: Pick<SmtpServer, 'credentials' | 'silentAt' | 'refuse'> = {
    credentials: null,
    silentAt: null,
    refuse: {},
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    const talking = { settings, reached, receive: (mail: ReceivedMail) => void mails.push(mail) };
    if (tls?.way === 'implicit') return talk(encrypted(socket, tls), { ...talking, greets: true, tls: null });
    talk(socket, { ...talking, greets: true, tls });
  });
  await listen(server, port);
  return Object.assign(settings, {
    port: (server.address() as AddressInfo).port,
    mails,
    reached,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function encrypted(socket: Socket, { certificate }: SmtpTls): TLSSocket {
  const secureContext = createSecureContext({ key: certificate.keyPem, cert: certificate.certPem });
  const inside = new TLSSocket(socket, { isServer: true, secureContext });
  inside.on('error', () => undefined);
  return inside;
}

interface Talk {
  settings: Pick<SmtpServer, 'credentials' | 'silentAt' | 'refuse'>;
  reached: string[];
  receive: (mail: ReceivedMail) => void;
  greets: boolean;
  /** What STARTTLS begins; null when it is not offered. */
  tls: SmtpTls | null;
}

function talk(socket: Socket, talking: Talk): void {
  const { settings, reached, receive, greets, tls } = talking;
  let user: string | null = null;
  let from = '';
  let to: string[] = [];
  let text: string[] | null = null;
  let login: string[] | null = null;
  let rest = '';
  const say = (line: string): void => void socket.write(`${line}\r\n`);

  const check = (name: string, password: string): void => {
    const { credentials } = settings;
    if (credentials === null || name !== credentials.user || password !== credentials.password)
      // As careless as servers are: what was sent to it is repeated.
      return say(`535 5.7.8 Authentication failed for ${name} ${password}`);
    user = name;
    say('235 2.7.0 Accepted');
  };
  const command = (line: string): void => {
    if (login !== null) {
      login.push(Buffer.from(line, 'base64').toString());
      const [name = '', password] = login;
      if (password === undefined) return say('334 UGFzc3dvcmQ6');
      login = null;
      return check(name, password);
    }
    const verb = line.slice(0, 4).toUpperCase();
    reached.push(verb);
    if (settings.silentAt === verb) return;
    const refusal = verb === 'MAIL' || verb === 'RCPT' ? settings.refuse[verb] : undefined;
    if (refusal !== undefined) return say(refusal);
    switch (verb) {
      case 'EHLO':
        say('250-mail.test');
        if (tls !== null) say('250-STARTTLS');
        return say(settings.credentials === null ? '250 8BITMIME' : '250 AUTH PLAIN LOGIN');
      case 'STAR':
        if (tls === null) return say('502 5.5.1 Not known here');
        socket.removeAllListeners('data');
        say('220 Go ahead');
        return talk(encrypted(socket, tls), { ...talking, greets: false, tls: null });
      case 'AUTH': {
        const [, method, initial] = line.split(' ');
        if (method?.toUpperCase() === 'LOGIN') {
          login = [];
          return say('334 VXNlcm5hbWU6');
        }
        const [, name = '', password = ''] = Buffer.from(initial ?? '', 'base64')
          .toString()
          .split('\0');
        return check(name, password);
      }
      case 'MAIL':
        if (settings.credentials !== null && user === null) return say('530 5.7.0 Authentication required');
        from = address(line);
        to = [];
        return say('250 OK');
      case 'RCPT':
        to.push(address(line));
        return say('250 OK');
      case 'DATA':
        text = [];
        return say('354 Go on');
      case 'QUIT':
        say('221 Bye');
        return void socket.end();
      case 'NOOP':
      case 'RSET':
        return say('250 OK');
      default:
        return say('502 5.5.1 Not known here');
    }
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    rest += chunk;
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (text === null) command(line);
      else if (line !== '.') text.push(line.replace(/^\./, ''));
      else {
        const source = text.join('\r\n');
        text = null;
        reached.push('text');
        if (settings.refuse.text !== undefined) {
          say(settings.refuse.text);
          continue;
        }
        receive({ from, to, user, source, encrypted: socket instanceof TLSSocket, ...parsed(source) });
        if (settings.silentAt !== 'text') say('250 Queued');
      }
    }
  });
  if (greets && settings.silentAt !== 'greeting') say('220 mail.test');
}

function address(line: string): string {
  return line.match(/<([^>]*)>/)?.[1] ?? '';
}

function parsed(source: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const end = source.indexOf('\r\n\r\n');
  const headers = new Map<string, string[]>();
  for (const line of source
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), decodedWords(line.slice(colon + 1).trim())]);
  }
  const body = source.slice(end + 4);
  const encoding = headers.get('content-transfer-encoding')?.[0]?.toLowerCase();
  if (encoding === 'base64') return { headers, text: Buffer.from(body, 'base64').toString() };
  return { headers, text: encoding === 'quoted-printable' ? unquoted(body.replace(/=\r\n/g, '')) : body };
}

/** RFC 2047. */
function decodedWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_word, kind: string, value: string) =>
      kind.toLowerCase() === 'b' ? Buffer.from(value, 'base64').toString() : unquoted(value.replaceAll('_', ' ')),
    );
}

function unquoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
