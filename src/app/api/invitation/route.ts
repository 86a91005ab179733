import { z } from 'zod';
import { adminRoute } from '#/server/route.ts';
import { peekInvitation } from '#/services/invitation/peek-invitation.ts';

const schema = z.object({ code: z.string().max(200_000) });

/** Who invites. A route and no action, so that the browser can give up waiting; the code travels in the body only. */
export const POST = adminRoute(schema, async (ctx, { code }) => ({ invitation: await peekInvitation(ctx, { code }) }));
