/** What a twin remembers while two existing issues are being paired. */
import { z } from 'zod';
import { tracePairsSchema } from '#/engine/protocol/messages.ts';

export const connectOptionsSchema = z.object({
  /** Whether comments and attachments that only one side has are carried over. */
  existing: z.object({ comments: z.boolean(), attachments: z.boolean() }),
  /** Whose fields both issues show at the start. */
  winner: z.enum(['local', 'remote']),
});
export type ConnectOptions = z.infer<typeof connectOptionsSchema>;

const connectStateSchema = connectOptionsSchema.extend({
  /** `asking`: this side began. `asked`: the partner did. */
  role: z.enum(['asking', 'asked']),
  /** `asking`: the key of the partner's issue. */
  remoteKey: z.string().optional(),
  /** `asking`: the part of our issue that has to be told next; absent before the first and after the last. */
  nextPart: z.number().int().optional(),
  /** `asked`: the two issues have been compared, and these traces of the partner are here as well; not told yet. */
  pairs: tracePairsSchema.optional(),
  /** `asked`, while they are being compared: SHA-256 of the files that have been read, by the uids of their traces. */
  hashes: z.record(z.string(), z.string()).optional(),
});
export type ConnectState = z.infer<typeof connectStateSchema>;

const carriedSchema = connectOptionsSchema.shape.existing;

/** What was carried over when the twin's two issues were connected; undefined for a twin that began otherwise. */
export function carriedOver(twin: { carried: unknown }): ConnectOptions['existing'] | undefined {
  return carriedSchema.nullable().catch(null).parse(twin.carried) ?? undefined;
}

/** Null once both sides know what is paired, and for every other twin. */
export function connectState(twin: { connect: unknown }): ConnectState | null {
  return connectStateSchema
    .nullable()
    .catch(null)
    .parse(twin.connect ?? null);
}
