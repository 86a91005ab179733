import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Jira } from '../core/jira.ts';
import { badGateway, insteadReply } from '../faults/pages.ts';
import type { Fault } from '../faults/types.ts';
import { Call } from './call.ts';
import { answer } from './handle.ts';
import type { Reply } from './reply.ts';
import { html } from './reply.ts';
import type { Router } from './router.ts';
import { canonicalPath } from './routes.ts';
import { send } from './send.ts';

/** What a request meets before and after its handling. */
type Fate = 'answer' | 'cut' | 'hang' | 'badGateway';

/** The user a fault is aimed at: known before the password is checked, because the handling may never come. */
function claimedUser(call: Call): string {
  const header = call.header('authorization');
  if (header !== undefined && /^basic /i.test(header)) {
    return Buffer.from(header.slice(6), 'base64').toString('utf8').split(':')[0] ?? '';
  }
  return call.user?.name ?? 'anonymous';
}

function fateOf(faults: Fault[]): Fate {
  for (const { kind } of faults) {
    if (kind === 'performThenCut') return 'cut';
    if (kind === 'performThenHang') return 'hang';
    if (kind === 'performThen502') return 'badGateway';
  }
  return 'answer';
}

/** Takes one request from the wire to its answer, faults and statistics included. */
export class RequestProcessor {
  readonly #jira: Jira;
  readonly #router: Router;
  readonly #lookupUser: (call: Call) => string | null;

  constructor(jira: Jira, router: Router, lookupUser: (call: Call) => string | null) {
    this.#jira = jira;
    this.#router = router;
    this.#lookupUser = lookupUser;
  }

  async process(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const jira = this.#jira;
    const [rawPath = '/', ...rest] = (req.url ?? '/').split('?');
    const query = rest.join('?');
    const { contextPath } = jira;
    const inside = contextPath === '' || rawPath === contextPath || rawPath.startsWith(`${contextPath}/`);
    const path = canonicalPath((inside ? rawPath.slice(contextPath.length) : rawPath) || '/');
    const call = new Call(jira, req, path, new URLSearchParams(query));
    const method = call.method === 'HEAD' ? 'GET' : call.method;
    const found = inside ? this.#router.find(method, path) : null;
    if (found !== null) call.params = found.params;
    const endpoint = `${method} ${found?.route.pattern ?? (inside ? '(no such path)' : '(outside the context path)')}`;
    const entry = jira.statistics.begin(endpoint);
    const at = performance.now();
    const started = jira.now();
    const hit = jira.faults.any ? jira.faults.hit(method, path, this.#lookupUser(call) ?? claimedUser(call)) : [];
    let status: number | null = null;
    try {
      status = await this.#carryOut(
        call,
        res,
        found?.route ?? null,
        inside ? this.#allowed(found, path) : [],
        hit,
        (performed, lost) => {
          if (method === 'GET' || method === 'OPTIONS' || path.startsWith('/rest/auth/') || path.endsWith('/search'))
            return;
          jira.statistics.written({
          at: started, method, path, endpoint, user: call.user?.name ?? null, issueKey: call.issueKey, status: performed, answerLost: lost,
          body: smallBody(call),
        }); // prettier-ignore
        },
      );
    } finally {
      const ms = Math.round((performance.now() - at) * 10) / 10;
      const fault = hit.length === 0 ? null : hit.map((one) => one.name ?? one.kind).join(',');
      jira.statistics.end(entry, {
        at: started,
        method,
        path,
        query,
        endpoint,
        user: call.user?.name ?? null,
        status,
        ms,
        fault,
      });
    }
  }

  #allowed(found: unknown, path: string): string[] {
    return found === null ? this.#router.methodsOf(path) : [];
  }

  async #carryOut(
    call: Call,
    res: ServerResponse,
    route: NonNullable<ReturnType<Router['find']>>['route'] | null,
    allowed: string[],
    faults: Fault[],
    wrote: (status: number, answerLost: boolean) => void,
  ): Promise<number | null> {
    for (const fault of faults) if (fault.kind === 'latency') await delay(this.#jira.faults.latency(fault));
    for (const fault of faults) {
      if (fault.kind === 'cutBefore') return this.#cut(call);
      if (fault.kind === 'hang') return hang(call, res);
      const instead = insteadReply(fault);
      if (instead !== null) return this.#finish(call, res, instead);
    }
    const outside =
      this.#jira.contextPath !== '' &&
      route === null &&
      allowed.length === 0 &&
      !call.req.url?.startsWith(this.#jira.contextPath);
    const reply = outside
      ? html(404, '<html><body><h1>HTTP Status 404 – Not Found</h1></body></html>')
      : await answer(call, route, allowed, faults);
    const fate = fateOf(faults);
    if (reply.status < 400) wrote(reply.status, fate !== 'answer');
    if (fate === 'cut') return this.#cut(call);
    if (fate === 'hang') return hang(call, res);
    if (fate === 'badGateway') return this.#finish(call, res, badGateway());
    const cut = faults.find((fault) => fault.kind === 'truncate');
    return this.#finish(call, res, reply, cut?.share ?? (cut === undefined ? 1 : 0.5));
  }

  #cut(call: Call): null {
    call.req.socket.destroy();
    return null;
  }

  async #finish(call: Call, res: ServerResponse, reply: Reply, share = 1): Promise<number> {
    await send(call, res, reply, share);
    // what the client still sends is read and thrown away, or its connection could not be used again
    if (!call.req.readableEnded) call.req.resume();
    return reply.status;
  }
}

async function hang(call: Call, res: ServerResponse): Promise<null> {
  call.req.resume();
  await new Promise<void>((resolve) => {
    if (res.destroyed) resolve();
    res.once('close', resolve);
  });
  return null;
}

function smallBody(call: Call): NonNullable<Call['body']> | null {
  if (call.body === undefined) return null;
  return JSON.stringify(call.body).length < 4096 ? call.body : null;
}
