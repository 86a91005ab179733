import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from '#/observability/logger.ts';

function logged(write: (logger: Logger) => void): Array<Record<string, unknown>> {
  const lines: string[] = [];
  write(createLogger({ level: 'debug', process: 'test', destination: { write: (line) => lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const planted = 'PLANTED-s3cret';

function deep(levels: number, value: object): object {
  return levels === 0 ? value : { inner: deep(levels - 1, value) };
}

class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status = 401;
  readonly request = { headers: { authorization: `Basic ${planted}`, accept: 'application/json' } };
}

describe('a log line', () => {
  it('is JSON with time, level by name, process, fields and message', () => {
    const [line] = logged((logger) =>
      logger.child({ connection: 'c1' }).info({ issueKey: 'DEMO-1', key: 'DEMO-2' }, 'read'),
    );
    expect(line).toMatchObject({
      level: 'info',
      process: 'test',
      connection: 'c1',
      issueKey: 'DEMO-1',
      key: 'DEMO-2',
      msg: 'read',
    });
    expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it.each([
    'authorization',
    'Authorization',
    'password',
    'token',
    'syncToken',
    'secret',
    'invitationSecret',
    'cookie',
    'set-cookie',
    'encryptionKey',
    'privateKey',
    'sharedKey',
    'api_key',
    'credentials',
  ])('never shows what is called %s, at any depth', (name) => {
    const lines = logged((logger) => {
      for (const level of [0, 1, 2, 5])
        logger.info(deep(level, { [name]: planted, list: [{ [name]: { inside: planted } }] }));
      logger.child({ request: { [name]: planted } }).info('from a child');
      logger.info({ headers: new Headers([['authorization', planted]]), map: new Map([[name, planted]]) });
    });
    expect(lines).toHaveLength(6);
    expect(JSON.stringify(lines)).not.toContain(planted);
  });

  it.each([
    ['a URL with a user', `GET https://admin:${planted}@jira.example/rest failed`],
    ['a database URL', `postgresql://node:${planted}@127.0.0.1:5432/exalate`],
    ['a bearer value', `sent Bearer ${planted}`],
    ['a basic value', `authorization was "Basic ${Buffer.from(planted.repeat(2)).toString('base64')}"`],
    ['a query', `https://a.example/accept?code=${planted}&x=1`],
    ['the webhook address', `POST /api/jira/webhook/${planted}?user=x`],
  ])('never shows the secret in %s, in message, field or error', (_what, text) => {
    const lines = logged((logger) => {
      logger.info(text);
      logger.info({ url: text });
      logger.error({ err: new Error(text, { cause: new Error(text) }) }, 'failed');
      logger.error(new Error(text));
    });
    expect(lines).toHaveLength(4);
    const all = JSON.stringify(lines);
    expect(all).not.toContain(planted);
    expect(all).not.toContain(Buffer.from(planted).toString('base64').slice(0, 10));
  });

  it('never shows signed tokens and invitation codes', () => {
    const code = Buffer.from(JSON.stringify({ invitationSecret: planted, nodeInfo: {} })).toString('base64');
    const [line] = logged((logger) => logger.warn(`could not read ${code}`));
    expect(line?.msg).toBe('could not read [redacted]');
  });

  it('tells of an error its type, message, stack, properties and causes without credentials', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const [line] = logged((logger) => logger.error({ err: new RequestError('refused', { cause }) }, 'failed'));
    expect(line?.err).toMatchObject({
      type: 'RequestError',
      message: 'refused',
      status: 401,
      request: { headers: { authorization: '[redacted]', accept: 'application/json' } },
      cause: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
    });
    expect(line?.err).toHaveProperty('stack', expect.stringContaining('logger.test.ts'));
  });

  it('survives what JSON cannot hold', () => {
    const loop: Record<string, unknown> = { count: 10n, bytes: new Uint8Array(3) };
    loop.self = loop;
    const [line] = logged((logger) => logger.info({ loop }));
    expect(line?.loop).toEqual({ count: '10', bytes: '[3 bytes]', self: '[circular]' });
  });
});
