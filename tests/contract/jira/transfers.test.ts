import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import busboy from 'busboy';
import { describe, expect, it } from 'vitest';
import type { Upload } from '#/engine/ports.ts';
import { createJira } from '#/jira/index.ts';
import { html, json, myself, StubServer } from './stub-server.ts';

const stored = {
  id: '7',
  filename: 'a.txt',
  size: 3,
  mimeType: 'text/plain',
  created: '2026-08-11T10:00:00.000+0000',
  content: 'http://other/secure/attachment/7/a.txt',
};

interface Received {
  contentLength: number;
  filename: string | undefined;
  bytes: number;
  sha256: string;
  complete: boolean;
}

/** Reads uploads as a server does, remembering no bytes; `complete` says that the closing boundary came. */
async function uploadServer() {
  const uploads: Array<Promise<Received>> = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') return myself(response);
    const received = receive(request);
    uploads.push(received);
    void received.then(({ complete }) => {
      if (complete) json(response, 200, [stored]);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jira = createJira({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { kind: 'token', token: 't' },
    concurrency: 1,
  });
  return {
    jira,
    uploads,
    async [Symbol.asyncDispose]() {
      await jira.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function receive(request: IncomingMessage): Promise<Received> {
  const hash = createHash('sha256');
  const received: Received = {
    contentLength: Number(request.headers['content-length']),
    filename: undefined,
    bytes: 0,
    sha256: '',
    complete: false,
  };
  return new Promise((resolve) => {
    const done = (complete: boolean) => resolve({ ...received, complete, sha256: hash.digest('hex') });
    const parser = busboy({ headers: request.headers, defParamCharset: 'utf8' });
    parser.on('file', (_field, stream, info) => {
      received.filename = info.filename;
      stream.on('data', (chunk: Buffer) => {
        received.bytes += chunk.byteLength;
        hash.update(chunk);
      });
      stream.on('error', () => {});
    });
    parser.on('close', () => done(true));
    parser.on('error', () => done(false));
    request.on('close', () => {
      if (!request.complete) done(false);
    });
    request.on('error', () => {});
    request.pipe(parser);
  });
}

function upload(body: AsyncIterable<Uint8Array>, sizeBytes: number): Upload {
  return { filename: 'Übung "1".txt', mimeType: 'text/plain', sizeBytes, body };
}

async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(size, i);
}

describe('an upload', () => {
  it('arrives byte for byte with its name and a length known in advance', async () => {
    await using server = await uploadServer();
    const content = Buffer.from('Grüße, 漢字\r\n--boundary--\r\n');
    const result = await server.jira.uploadAttachment('A-1', upload(Readable.from([content]), content.byteLength));
    expect(result).toMatchObject({ id: '7', sizeBytes: 3, author: null });
    const [received] = await Promise.all(server.uploads);
    expect(received).toMatchObject({
      filename: 'Übung %221%22.txt',
      bytes: content.byteLength,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(received?.contentLength).toBeGreaterThan(content.byteLength);
  });

  it('of 200 MB needs no memory for it', async () => {
    await using server = await uploadServer();
    let before = 0;
    let peak = 0;
    async function* source() {
      const block = Buffer.alloc(1 << 20, 1);
      for (let i = 0; i < 200; i++) {
        const { rss } = process.memoryUsage();
        // The first part warms up both ends, which share this process.
        if (i < 60) before = Math.max(before, rss);
        else peak = Math.max(peak, rss);
        yield block;
      }
    }
    await server.jira.uploadAttachment('A-1', upload(source(), 200 << 20));
    expect((await server.uploads[0])?.bytes).toBe(200 << 20);
    // Kept in memory it would be 140 MB; how soon chunks are collected depends on what else the machine does.
    expect(peak - before).toBeLessThan(64 << 20);
  });

  it.each<[string, () => AsyncIterable<Uint8Array>]>([
    [
      'breaks off',
      async function* () {
        yield* chunks(2, 1000);
        throw new Error('the partner went away');
      },
    ],
    ['ends early', () => chunks(2, 1000)],
    ['is too long', () => chunks(4, 1000)],
  ])('whose source %s never reaches its end at Jira', async (_name, source) => {
    await using server = await uploadServer();
    await expect(server.jira.uploadAttachment('A-1', upload(source(), 3000))).rejects.toMatchObject({
      code: 'truncated',
      outcome: 'not_performed',
    });
    for (const received of await Promise.all(server.uploads)) expect(received.complete).toBe(false);
  });

  it("keeps the source's error as the cause", async () => {
    await using server = await uploadServer();
    const cause = new Error('the partner went away');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
      throw cause;
    }
    await expect(server.jira.uploadAttachment('A-1', upload(source(), 3000))).rejects.toMatchObject({ cause });
  });

  it('that is cancelled is not performed', async () => {
    await using server = await uploadServer();
    const cancel = new AbortController();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
      cancel.abort();
      await new Promise(() => {});
    }
    await expect(server.jira.uploadAttachment('A-1', upload(source(), 3000), cancel.signal)).rejects.toMatchObject({
      code: 'unreachable',
      outcome: 'not_performed',
    });
    for (const received of await Promise.all(server.uploads)) expect(received.complete).toBe(false);
  });

  it('whose answer is lost has an unknown outcome', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (request.method === 'POST') response.destroy();
    });
    await expect(stub.tracker().uploadAttachment('A-1', upload(chunks(1, 3), 3))).rejects.toMatchObject({
      code: 'unreachable',
      outcome: 'unknown',
    });
    expect(stub.calls).toHaveLength(1);
  });

  it('to nobody lets go of its source', async () => {
    const jira = createJira({
      baseUrl: 'http://127.0.0.1:1',
      credentials: { kind: 'token', token: 't' },
      concurrency: 1,
      delay: async () => {},
    });
    const source = Readable.from(chunks(3, 10));
    await expect(jira.uploadAttachment('A-1', upload(source, 30))).rejects.toMatchObject({ outcome: 'not_performed' });
    expect(source.destroyed).toBe(true);
    await jira.close();
  });

  it.each<[string, number, unknown, string]>([
    [
      '404 about the size',
      404,
      { errorMessages: ['The field file exceeds its maximum permitted size of 11564000 bytes.'] },
      'too_large',
    ],
    [
      'the same in German',
      404,
      { errorMessages: ['Das Feld file überschreitet die Größe von 11.564.000 Bytes.'] },
      'too_large',
    ],
    ['404 about the issue', 404, { errorMessages: ['Issue Does Not Exist'] }, 'not_found'],
    ['413', 413, {}, 'too_large'],
    ['403', 403, { errorMessages: ['You do not have permission'] }, 'forbidden'],
  ])('refused with %s', async (_name, status, body, code) => {
    await using stub = await StubServer.start((request, response) => {
      if (request.url.endsWith('/attachment/meta')) json(response, 200, { enabled: true, uploadLimit: 100 });
      else if (request.method === 'POST') json(response, status, body);
    });
    await expect(stub.tracker().uploadAttachment('A-1', upload(chunks(1, 3), 3))).rejects.toMatchObject({
      code,
      outcome: 'refused',
    });
  });
});

describe('a download', () => {
  const content = 'summary,status\nENG-1,To Do\n';
  const attachment = (stub: StubServer) => ({
    id: '10000',
    contentUrl: `${stub.url}/secure/attachment/10000/rows.csv`,
    sizeBytes: Buffer.byteLength(content),
  });

  it('gives the bytes', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (!request.url.includes('/secure/')) return;
      response.writeHead(200, {
        'content-type': 'text/csv;charset=UTF-8',
        'content-disposition': "inline; filename*=UTF-8''rows.csv;",
      });
      response.end(content);
    });
    const { body } = await stub.tracker().downloadAttachment(attachment(stub));
    expect(await buffer(body)).toEqual(Buffer.from(content));
    expect(stub.calls[0]?.url).toBe('/jira/secure/attachment/10000/rows.csv');
  });

  it('that breaks off before anybody reads it ends nothing but itself, and tells whoever reads it later', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (!request.url.includes('/secure/')) return;
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': Buffer.byteLength(content) });
      response.write(content.slice(0, 5), () => response.destroy());
    });
    const { body } = await stub.tracker().downloadAttachment(attachment(stub));
    // An error that nobody hears ends the process, and is an error of this test run.
    await expect.poll(() => body.destroyed).toBe(true);
    await expect(buffer(body)).rejects.toMatchObject({ code: 'truncated' });
  });

  it.each<[string, (size: number) => { announced?: number; sent: number; cut?: boolean }]>([
    ['ends early', (size) => ({ sent: size - 1 })],
    ['is cut half-way', (size) => ({ announced: size, sent: 5, cut: true })],
    ['is too long', (size) => ({ sent: size + 5 })],
    ['is announced with another size', (size) => ({ announced: size + 5, sent: size + 5 })],
  ])('that %s is truncated', async (_name, plan) => {
    await using stub = await StubServer.start((request, response) => {
      if (!request.url.includes('/secure/')) return;
      const { announced, sent, cut } = plan(Buffer.byteLength(content));
      response.writeHead(200, {
        'content-type': 'text/csv',
        ...(announced === undefined ? {} : { 'content-length': announced }),
      });
      response.write('x'.repeat(sent), () => (cut === true ? response.destroy() : response.end()));
      if (cut !== true) response.end();
    });
    const read = async () => buffer((await stub.tracker().downloadAttachment(attachment(stub))).body);
    await expect(read()).rejects.toMatchObject({ code: 'truncated' });
  });

  it.each<[string, Parameters<typeof StubServer.start>[0]]>([
    [
      'a redirect to the login page',
      (_request, response) => html(response, 302, { location: '/jira/login.jsp?permissionViolation=true' }),
    ],
    ['a login page', (_request, response) => html(response, 200)],
    ['an anonymous answer', (_request, response) => response.writeHead(200, { 'x-ausername': 'anonymous' }).end('x')],
  ])('%s is never taken for the file', async (_name, handler) => {
    await using stub = await StubServer.start((request, response) =>
      request.url.includes('/secure/') ? handler(request, response) : undefined,
    );
    await expect(stub.tracker().downloadAttachment(attachment(stub))).rejects.toMatchObject({
      code: 'credentials_refused',
    });
  });

  it('a redirect to the login page tells owners of a token what may help', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('/secure/')) html(response, 302, { location: '/jira/login.jsp' });
    });
    const jira = stub.tracker({ credentials: { kind: 'token', token: 't' } });
    await expect(jira.downloadAttachment(attachment(stub))).rejects.toThrow(/token/);
  });

  it('a token that only attachments refuse goes on being used for the rest', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('/secure/')) response.writeHead(401).end();
      else if (request.url.endsWith('/project')) json(response, 200, []);
    });
    const jira = stub.tracker({ credentials: { kind: 'token', token: 't' } });
    await expect(jira.downloadAttachment(attachment(stub))).rejects.toMatchObject({ code: 'credentials_refused' });
    await expect(jira.projects()).resolves.toEqual([]);
  });

  it.each([
    [401, 'unexpected'],
    [404, 'unexpected'],
    [503, 'unreachable'],
  ])('%i from a store elsewhere says nothing about Jira or our credentials', async (status, code) => {
    await using store = await StubServer.start((_request, response) => html(response, status));
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('/secure/')) html(response, 302, { location: `${store.url}/bucket/1` });
      else if (request.url.endsWith('/project')) json(response, 200, []);
    });
    const jira = stub.tracker();
    await expect(jira.downloadAttachment(attachment(stub))).rejects.toMatchObject({ code });
    await expect(jira.projects()).resolves.toEqual([]);
  });

  it('an HTML file is still a file', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (!request.url.includes('/secure/')) return;
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-disposition': 'attachment; filename="x"' })
        .end(content);
    });
    const { body } = await stub.tracker().downloadAttachment(attachment(stub));
    expect((await buffer(body)).toString()).toBe(content);
  });

  it('sent elsewhere follows once, and takes no credentials along', async () => {
    await using store = await StubServer.start((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/csv' }).end(content),
    );
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('/secure/')) html(response, 302, { location: `${store.url}/bucket/1?sig=2` });
    });
    const { body } = await stub.tracker().downloadAttachment(attachment(stub));
    expect((await buffer(body)).toString()).toBe(content);
    expect(store.seen[0]?.headers).not.toHaveProperty('authorization');
    expect(store.seen).toHaveLength(1);
  });

  it('sent elsewhere twice is refused', async () => {
    await using store = await StubServer.start((_request, response) =>
      html(response, 302, { location: 'https://third.example/' }),
    );
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('/secure/')) html(response, 302, { location: `${store.url}/bucket/1` });
    });
    await expect(stub.tracker().downloadAttachment(attachment(stub))).rejects.toMatchObject({
      code: 'credentials_refused',
    });
  });

  it('that nobody reads does not hold up other requests, even with one place', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('/secure/')) response.writeHead(200, { 'content-type': 'text/csv' }).end(content);
      else if (request.url.endsWith('/project')) json(response, 200, []);
    });
    const jira = stub.tracker({ concurrency: 1 });
    const { body } = await jira.downloadAttachment(attachment(stub));
    await expect(jira.projects()).resolves.toEqual([]);
    body.destroy();
  });
});
