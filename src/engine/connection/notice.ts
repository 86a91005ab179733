import { z } from 'zod';

/** What one end tells the other about itself, beside messages. */
export const connectionNoticeSchema = z.object({ kind: z.enum(['activated', 'deactivated', 'deleted']) });
