import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { findConnection } from './find-connection.ts';
import { parseInput } from './parse-input.ts';
import { requireAdmin } from './require-admin.ts';
import { isNameTaken } from './unique-name.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = z.object({
  id: z.uuid(),
  name: plainText(200, 'A name has at most 200 characters.').trim().min(1, 'Enter a name.'),
  description: plainText(2000, 'A description has at most 2000 characters.').trim().optional(),
});

/** Changes the name, and the description when given, on this node only. */
export async function renameConnection(
  ctx: ServiceContext,
  input: { id: string; name: string; description?: string },
): Promise<void> {
  const admin = requireAdmin(ctx);
  const { id, name, description } = parseInput(inputSchema, input);
  await ctx.db.$transaction(async (tx) => {
    const row = await findConnection(tx, id);
    if (await isNameTaken(tx, name, row.uid))
      throw new ServiceError('conflict', {
        summary: 'Another connection has this name.',
        why: 'Names tell connections apart, so each is given once.',
        remedy: 'Enter another name.',
        field: 'name',
      });
    await tx.connection.updateMany({
      where: { uid: row.uid },
      data: { name, ...(description === undefined ? {} : { description }) },
    });
    await tx.auditEntry.create({
      data: { actor: admin, verb: 'connection.rename', target: id, data: { from: row.name, to: name } },
    });
  });
  await ctx.wake.pages({ kind: 'connection', id });
}
