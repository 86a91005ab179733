import { uniqueConnectionName } from '#/engine/connection/connection-name.ts';
import type { Tx } from '../context.ts';

/** A name that no other connection of this node has; holds back others who are choosing one until the transaction ends. */
export async function reserveName(tx: Tx, wanted: string): Promise<string> {
  return uniqueConnectionName(wanted, await takenNames(tx, null));
}

/** Whether another connection than `uid` has this name, upper and lower case aside; holds others back as above. */
export async function isNameTaken(tx: Tx, name: string, uid: string): Promise<boolean> {
  return (await takenNames(tx, uid)).some((taken) => taken.toLowerCase() === name.toLowerCase());
}

async function takenNames(tx: Tx, exceptUid: string | null): Promise<string[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('connection.name'))`;
  const rows = await tx.connection.findMany({
    where: exceptUid === null ? {} : { uid: { not: exceptUid } },
    select: { name: true },
  });
  return rows.map(({ name }) => name);
}
