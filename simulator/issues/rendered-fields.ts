import { visibleComments } from '../comments/bean.ts';
import { displayTime } from '../core/zone.ts';
import type { AttachmentRecord, CommentRecord, IssueRecord } from '../store/records.ts';
import type { View } from './field-values.ts';
import { renderWiki } from './rendered.ts';

type Bean = Record<string, unknown>;

/** As the attachment list of the issue page writes a size. */
function displaySize(bytes: number): string {
  if (bytes >= 1_048_576) return `${(bytes / 1_048_576).toFixed(2)} MB`;
  return `${bytes >= 1024 ? Math.floor(bytes / 1024) : (bytes / 1024).toFixed(1)} kB`;
}

/** The beans of one field, with what can be read by people in the place of what can be read by programs. */
function over<T extends { id: string }>(beans: unknown, records: T[], shown: (record: T) => Bean): unknown {
  if (!Array.isArray(beans)) return null;
  return beans.map((bean: Bean) => {
    const record = records.find((one) => one.id === bean['id']);
    return record === undefined ? bean : { ...bean, ...shown(record) };
  });
}

/** `expand=renderedFields`: texts as HTML, times in the reader's zone as its pages show them, all that is not rendered null. */
export function renderedFields(view: View, issue: IssueRecord, values: Bean): Bean {
  const { jira, user } = view;
  const zone = user?.timeZone ?? jira.settings.timeZone;
  const time = (instant: number | null): string | null => (instant === null ? null : displayTime(instant, zone));
  const comment = ({ body, created, updated }: CommentRecord): Bean => ({
    body: renderWiki(body),
    created: time(created),
    updated: time(updated),
  });
  const file = ({ created, size }: AttachmentRecord): Bean => ({ created: time(created), size: displaySize(size) });
  const render = (id: string, value: unknown): unknown => {
    switch (id) {
      case 'description':
      case 'environment':
        return renderWiki(issue[id] ?? '');
      case 'created':
      case 'updated':
        return time(issue[id]);
      case 'resolutiondate':
        return time(issue.resolved);
      case 'comment': {
        const page = value as Bean;
        return { ...page, comments: over(page['comments'], visibleComments(jira, user, issue), comment) };
      }
      case 'attachment':
        return over(value, jira.store.attachmentsOf.of(issue.id), file);
      default:
        return null;
    }
  };
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [id, render(id, value)]));
}
