import { timingSafeEqual } from 'node:crypto';
import { getContext, hintIssue } from '#/server/container.ts';
import { readBody } from '#/server/read-body.ts';
import { webhookSecret } from '#/services/node/ensure-webhook.ts';
import { issueOfWebhook } from '#/services/node/issue-of-webhook.ts';

export const dynamic = 'force-dynamic';

const bodyBytesMax = 16 * 1024 * 1024;

/**
 * Change hints from the own Jira. The body is believed only as far as "issue N changed": the issue itself is read by REST.
 * Always answered at once, and never with an error for what the body says, since Jira would switch the webhook off.
 */
export async function POST(request: Request, { params }: { params: Promise<{ secret: string }> }): Promise<Response> {
  const ctx = await getContext();
  if (!sameSecret((await params).secret, webhookSecret(ctx))) return new Response(null, { status: 404 });
  const body = await readBody(request, bodyBytesMax);
  const issueId = body === null ? null : issueOfWebhook(body);
  if (issueId !== null) await hintIssue(issueId);
  return new Response(null, { status: 204 });
}

function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
