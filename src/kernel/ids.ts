import { randomUUID } from 'node:crypto';

/** Random (v4) UUIDs. */
export const randomIds: { uuid(): string } = { uuid: () => randomUUID() };
