import { PeerError, type PeerErrorCode } from '#/services/peer-channel.ts';
import type { Answer } from './transport.ts';

/** What an answer other than 200 means. `said` is the partner's own code and sentence; null when it sent none. */
export function refusal(answer: Answer, said: { code: string; summary: string } | null): PeerError {
  const { status, origin } = answer;
  const reason = said?.code ?? null;
  const retryAfterMs = retryAfter(answer.header('retry-after'));
  const make = (code: PeerErrorCode, text: string) =>
    new PeerError(code, {
      message: said === null ? `${origin} ${text}` : `${origin}: ${said.summary}`,
      reason,
      retryAfterMs,
    });

  if (status === 429 || status === 503) return make('busy', 'is busy.');
  if (status >= 500) return make('unreachable', `answered with status ${status}.`);
  if (status >= 300 && status < 400)
    return make('not_a_node', `redirects to ${redirectOrigin(answer)}. Enter the address to which it leads.`);
  // Nodes refuse in one JSON form. Anything else comes from a proxy or another program, and says nothing about the request.
  if (said === null) return make('not_a_node', `is not an Exalate node of this kind (status ${status}).`);
  if (status === 401) return make('unauthorised', '');
  if (said.code === 'connection_gone') return make('connection_gone', '');
  if (said.code === 'connection_deactivated') return make('deactivated', '');
  return make('refused', '');
}

function redirectOrigin(answer: Answer): string {
  const location = answer.header('location') ?? '';
  return URL.canParse(location, answer.origin) ? new URL(location, answer.origin).origin : 'another address';
}

/** Milliseconds; dates are not used between nodes, and waiting longer than an hour on a partner's word is refused. */
function retryAfter(value: string | null): number | null {
  if (value === null || !/^\d{1,6}$/.test(value)) return null;
  return Math.min(Number(value), 3600) * 1000;
}
