import { startSimulator } from '../../../simulator/index.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/index.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // the shape is what the tests are about
  // oxlint-disable-next-line no-explicit-any
  body: any;
}

export type Request = { method?: string; body?: unknown; auth?: string | null; headers?: Record<string, string> };

export function basic(user: string, password = user): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** One request to the simulator, as admin unless said otherwise. */
export async function call(simulator: Simulator, path: string, request: Request = {}): Promise<Answer> {
  const { method = request.body === undefined ? 'GET' : 'POST', body, auth = basic('admin') } = request;
  const raw = body instanceof FormData || typeof body === 'string';
  const answer = await fetch(`${simulator.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      'user-agent': 'simulator-test',
      ...(auth === null ? {} : { authorization: auth }),
      ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as FormData | string) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  };
}

/** Runs a test body on a fresh simulator. */
export async function withSimulator(
  options: SimulatorOptions,
  work: (simulator: Simulator) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ seed: 'empty', ...options });
  try {
    await work(simulator);
  } finally {
    await simulator.stop();
  }
}

/** Waits until the condition holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function newIssue(
  simulator: Simulator,
  fields: Record<string, unknown> = {},
): Promise<{ id: string; key: string }> {
  const all = { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'An issue', ...fields };
  const answer = await call(simulator, '/rest/api/2/issue', { body: { fields: all } });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}
