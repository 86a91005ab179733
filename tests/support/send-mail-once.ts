/** A worker's process that does nothing but send what is due; for tests that kill it. Settings come by the environment. */
import { composeNode } from '#/composition.ts';
import { loadNodeSettings } from '#/env.ts';
import { sendDueMail } from '#/services/notification/send-due-mail.ts';

const node = await composeNode(loadNodeSettings(), 'worker');
await sendDueMail(node.ctx, { gatherMs: 0, leaseSeconds: 2 });
await node.close();
