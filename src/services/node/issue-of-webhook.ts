import { z } from 'zod';

const bodySchema = z.object({
  issue: z.object({ id: z.union([z.string(), z.number()]) }).optional(),
  comment: z.object({ self: z.string() }).optional(),
});

/**
 * Id of the issue that a webhook delivery is about, null when it is about none. A comment's delivery from Jira Server
 * carries no issue: its id stands only in the comment's own address (`…/issue/10013/comment/10082`).
 */
export function issueOfWebhook(body: string): string | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) return null;
  const { issue, comment } = parsed.data;
  if (issue !== undefined) return String(issue.id);
  return comment?.self.match(/\/issue\/(\d+)\/comment\/\d+$/)?.[1] ?? null;
}
