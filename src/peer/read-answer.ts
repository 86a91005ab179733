import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { errorBodySchema } from '#/engine/protocol/error-body.ts';
import { PeerError } from '#/services/peer-channel.ts';
import { networkFault } from './network-fault.ts';
import { refusal } from './refusal.ts';
import type { Answer } from './transport.ts';

const LARGEST_JSON = 1024 * 1024;

/**
 * The JSON of a good answer. Throws {@link PeerError}: the refusal the partner sent, or `not_a_node` for whatever is not
 * JSON of the expected shape, such as a login page with status 200.
 */
export async function readJson<T>(answer: Answer, schema: z.ZodType<T>, largest = LARGEST_JSON): Promise<T> {
  const value = await bodyAsJson(answer, largest);
  if (answer.status !== 200) throw refusalFrom(answer, value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw notANode(answer, 'answered with something that is not from an Exalate node of this kind');
}

/** Throws the refusal unless the status is 200; leaves the body of a good answer unread. */
export async function assertGood(answer: Answer): Promise<void> {
  if (answer.status !== 200) throw refusalFrom(answer, await bodyAsJson(answer, LARGEST_JSON));
}

export function notANode(answer: Answer, what: string): PeerError {
  return new PeerError('not_a_node', { message: `${answer.origin} ${what}.` });
}

function refusalFrom(answer: Answer, value: unknown): PeerError {
  const body = errorBodySchema.safeParse(value);
  return refusal(answer, body.success ? body.data.error : null);
}

/** undefined when the body is not JSON, or so long that no node would send it. */
async function bodyAsJson(answer: Answer, largest: number): Promise<unknown> {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(answer.header('content-type') ?? '')) {
    answer.body.on('error', () => undefined).destroy();
    return undefined;
  }
  const text = await bodyAsText(answer.body, answer.origin, largest);
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function bodyAsText(body: Readable, origin: string, largest: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largest) return null;
      chunks.push(chunk);
    }
  } catch (error) {
    throw networkFault(error, origin);
  }
  return Buffer.concat(chunks).toString('utf8');
}
