/** Audit entries in words. What is not known here is shown as it was stored. */
import { z } from 'zod';

const verbs: Record<string, string> = {
  'connection.initiate': 'Initiated a connection',
  'connection.project': 'Chose another project for a pending connection',
  'connection.established': 'A connection was established',
  'connection.activate': 'Activated a connection',
  'connection.deactivate': 'Deactivated a connection',
  'connection.rename': 'Changed name or description of a connection',
  'connection.delete': 'Deleted a connection',
  'connection.rotate_key': 'Rotated the key of a connection',
  'connection.key_rotated': 'A connection uses its new key',
  'connection.restored': 'A connection was found again after a restore',
  'invitation.accept': 'Accepted an invitation',
  'invitation.renew': 'Made a new invitation',
  'invitation.revoke': 'Revoked an invitation',
  exalate: 'Exalated an issue',
  unexalate: 'Took an issue out of sync',
  connect: 'Connected two issues',
  retry: 'Retried after an error',
  resolve: 'Resolved an error',
  'trigger.create': 'Created a trigger',
  'trigger.update': 'Changed a trigger',
  'trigger.activate': 'Activated a trigger',
  'trigger.deactivate': 'Deactivated a trigger',
  'trigger.delete': 'Deleted a trigger',
  'bulk.exalate': 'Started a Bulk Exalate',
  'bulk.unexalate': 'Started a Bulk Unexalate',
  'bulk.connect': 'Started a Bulk Connect',
  'bulk.clean_up': 'Started the clean-up of a connection',
  'bulk.cancel': 'Cancelled a bulk run',
  'clean_up.issue': 'Cleaned up an issue',
  'node.moved': 'Confirmed that this node was moved',
  'node.copy': 'Made this node a copy of its own',
  sign_in: 'Signed in',
  sign_in_refused: 'Sign-in was refused',
  'node.attach': 'Attached this node to a Jira',
  verify: 'Started to verify all issues under sync',
  'node.proxy_user': 'Changed the proxy user of this node',
  'notifications.save': 'Changed who gets e-mail about errors',
  'notifications.test': 'Sent a test e-mail',
  'webhook.repair': 'Registered or repaired the webhook',
  'partner.deleted': 'The partner deleted its end of a connection',
  'partner.deactivated': 'The partner deactivated its end of a connection',
  'partner.activated': 'The partner activated its end of a connection',
};

const names: Record<string, string> = {
  remoteKey: 'Remote issue',
  jql: 'Query',
  underSync: 'Issues under sync',
  from: 'Before',
  to: 'After',
};

const uuid = z.uuid();

export interface AuditText {
  what: string;
  target: string;
  details: readonly { name: string; value: string }[];
}

export function auditText(entry: {
  verb: string;
  target: string;
  data: unknown;
  names: ReadonlyMap<string, string>;
}): AuditText {
  const parsed = z.record(z.string(), z.unknown()).safeParse(entry.data);
  const facts = new Map(Object.entries(parsed.success ? parsed.data : {}));
  const named = ['connection', 'name', 'subject'].find((key) => typeof facts.get(key) === 'string');
  const isId = uuid.safeParse(entry.target).success;
  const known = isId ? entry.names.get(entry.target) : entry.target;
  const told = known ?? (named === undefined ? '' : String(facts.get(named)));
  // What stands beside the verb already is not said again.
  if (named !== undefined && facts.get(named) === told) facts.delete(named);
  return {
    what: verbs[entry.verb] ?? entry.verb,
    target: told,
    details: [...facts].flatMap(([key, value]) => {
      const text = textOf(value);
      // Ids mean nothing to a reader.
      return value === null || text === '' || uuid.safeParse(text).success ? [] : [{ name: nameOf(key), value: text }];
    }),
  };
}

/** Of several yes and no: what is yes. */
function textOf(value: unknown): string {
  const flags = z.record(z.string(), z.boolean()).safeParse(value);
  if (flags.success)
    return (
      Object.keys(flags.data)
        .filter((key) => flags.data[key])
        .join(', ') || 'nothing'
    );
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function nameOf(key: string): string {
  return (
    names[key] ??
    key.charAt(0).toUpperCase() +
      key.slice(1).replace(/[A-Z_]/g, (letter) => (letter === '_' ? ' ' : ` ${letter.toLowerCase()}`))
  );
}
