import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ControlApi } from './api.ts';
import type { Control } from './control.ts';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const READ_ONLY = ['settings', 'faults', 'statistics', 'requests', 'writes', 'deliveries', 'dump'];

/** The verbs are the methods of the control class, so that the interface over HTTP cannot differ from the one in process. */
function verbsOf(control: Control): Set<string> {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(control) as object);
  return new Set(names.filter((name) => name !== 'constructor'));
}

async function readBody(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text.trim() === '' ? undefined : JSON.parse(text);
}

/** Answers `<controlUrl>/<verb>`. */
export function controlEndpoint(
  control: Control,
  token: string | null,
): (req: IncomingMessage, res: ServerResponse, rest: string) => Promise<void> {
  const verbs = verbsOf(control);
  return async (req, res, rest) => {
    const reply = (status: number, value: unknown): void => {
      res.writeHead(status, { 'Content-Type': 'application/json;charset=UTF-8' });
      res.end(JSON.stringify(value ?? null));
    };
    const allowed =
      token === null ? LOOPBACK.test(req.socket.remoteAddress ?? '') : req.headers.authorization === `Bearer ${token}`;
    // a page in a browser on this machine must not reach it either
    if (!allowed || req.headers.origin !== undefined)
      return reply(403, { error: 'The control endpoint is closed to you.' });
    const [verb = '', query = ''] = rest.split('?');
    if (!verbs.has(verb)) return reply(404, { error: `No such verb: ${verb}. There are: ${[...verbs].join(', ')}` });
    if (req.method === 'GET' && !READ_ONLY.includes(verb)) return reply(405, { error: 'Use POST.' });
    try {
      const body = req.method === 'GET' ? Object.fromEntries(new URLSearchParams(query)) : await readBody(req);
      const method = control[verb as keyof ControlApi] as (args: unknown) => Promise<unknown>;
      reply(200, await method.call(control, body));
    } catch (error) {
      reply(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}
