import { TrackerError } from '#/engine/ports.ts';
import { networkError } from './network-error.ts';
import type { HttpAnswer } from './transport.ts';

const largestBytes = 64 * 1024 * 1024;
const largestErrorBytes = 64 * 1024;

/**
 * The body of an answer as text. Of an error only the first 64 KiB, and what is lost of it loses nothing; a success
 * larger than 64 MiB is `unexpected`. `reads`: false when the request may have changed something.
 */
export async function readText(answer: HttpAnswer, reads: boolean): Promise<string> {
  const success = answer.status >= 200 && answer.status < 300;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (!success && bytes >= largestErrorBytes) break;
      if (bytes > largestBytes) throw tooMuch(answer.status, reads);
    }
  } catch (error) {
    if (error instanceof TrackerError) throw error;
    if (success) throw networkError(error, { sent: true, reads });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooMuch(status: number, reads: boolean): TrackerError {
  return new TrackerError('unexpected', {
    message: 'Jira sent an answer larger than 64 MiB.',
    outcome: reads ? 'refused' : 'unknown',
    status,
  });
}
