/** What the timeline of a twin says, entry by entry. */
export interface TimelineText {
  text: string;
  /** Longer content, such as an overwritten value. */
  detail: string | null;
}

const fieldLabels: Record<string, string> = {
  summary: 'summary',
  description: 'description',
  issueType: 'issue type',
  comment: 'comment',
};

export function timelineText(kind: string, data: unknown): TimelineText {
  const of = new Map<string, unknown>(Object.entries(typeof data === 'object' && data !== null ? data : {}));
  const text = (name: string): string => String(of.get(name) ?? '');
  const plain = (sentence: string): TimelineText => ({ text: sentence, detail: null });
  switch (kind) {
    case 'exalated':
      return plain(`Put under sync by ${text('by')}`);
    case 'created':
      return plain(`Issue ${text('key')} created as ${text('type')}`);
    case 'recovered':
      return plain(
        `The outcome of an interrupted write (${text('write').replaceAll('_', ' ')}) was found in Jira; nothing was written twice`,
      );
    case 'issue_type_fallback':
      return plain(
        of.get('reason') === 'no_parent'
          ? `"${text('wanted')}" needs a parent under sync; ${text('used')} was used instead`
          : `There is no issue type "${text('wanted')}" here; ${text('used')} was used instead`,
      );
    case 'type_not_changed':
      return plain(`Jira does not allow changing the issue type to "${text('wanted')}" here; it stays ${text('kept')}`);
    case 'edited':
      return plain(`Updated here: ${names(of.get('fields'))}`);
    case 'received':
      return plain(`Received: ${contents(of)}`);
    case 'sent':
      return plain(`Sent: ${contents(of)}`);
    case 'conflict':
      return {
        text: `Both sides changed the ${fieldLabels[text('what')] ?? text('what')}; the later change won and the ${of.get('lostSide') === 'local' ? 'local' : 'remote'} value was overwritten`,
        detail: text('value'),
      };
    case 'connected':
      return plain(
        `Connected with the existing issue ${text('key')}: ${counted(of, 'comments', 'comment')} and ${counted(of, 'attachments', 'attachment')} were on both sides`,
      );
    case 'comments_removed':
      return plain(`Deleted here: ${counted(of, 'comments', 'comment')}`);
    case 'comments_hidden':
      return plain(
        `The proxy user may not see ${counted(of, 'comments', 'comment')} here any more; nothing was deleted, and changes to them wait`,
      );
    case 'restored':
      return plain('This node was restored from a backup: what it had lost was taken over from the other side');
    case 'unexalated':
      return plain('Taken out of sync');
    case 'remote_unexalated':
      return plain('The other side took the issue out of sync');
    case 'local_removed':
      return plain('The issue was removed here; sync ended and the other issue stays');
    case 'remote_removed':
      return plain('The issue was removed on the other side; sync ended and this issue stays');
    default:
      return plain(kind);
  }
}

function names(fields: unknown): string {
  return Array.isArray(fields) ? fields.map((field) => fieldLabels[String(field)] ?? String(field)).join(', ') : '';
}

function contents(of: ReadonlyMap<string, unknown>): string {
  const count = (name: string, one: string): string | null => {
    const number = Number(of.get(name) ?? 0);
    return number === 0 ? null : `${number} ${one}${number === 1 ? '' : 's'}`;
  };
  const parts = [names(of.get('fields')) || null, count('comments', 'comment'), count('attachments', 'attachment')];
  return parts.filter((part) => part !== null).join(', ');
}

function counted(of: ReadonlyMap<string, unknown>, name: string, one: string): string {
  const number = Number(of.get(name) ?? 0);
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
