/**
 * What fails for one comment, file or field alone is set aside for this turn of the lane: the rest goes on, and at its end the turn
 * fails with what was set aside, so that it is shown and tried again.
 */
import { Fault, faults, type FaultCode } from '#/engine/fault/faults.ts';
import { TrackerError } from '#/engine/ports.ts';
import { plan, settle, type Plan } from '#/engine/replica/plan.ts';
import type { AttachmentEntry, CommentEntry, FieldName } from '#/engine/replica/state.ts';
import { laneFault } from './lane-fault.ts';
import type { Lane } from './lane.ts';

/** Others concern the whole issue, such as a permission that is missing. */
const ofOneThing: ReadonlySet<FaultCode> = new Set([
  'jira_invalid',
  'jira_issue_failed',
  'comment_refused',
  'attachment_too_large',
  'attachment_damaged',
  'partner_file_unreadable',
]);

/** Thrown at the end of a turn; one fault for each code, with all that was set aside in its detail. What heals comes first. */
export class SetAside extends Error {
  override readonly name = 'SetAside';
  readonly faults: readonly [Fault, ...Fault[]];

  constructor(found: Iterable<Fault>) {
    const byCode = Map.groupBy(found, ({ code }) => code);
    const joined = [...byCode].map(([code, alike]) => new Fault(code, alike.map(({ detail }) => detail).join('\n')));
    const [first, ...others] = joined.toSorted((a, b) => Number(heals(b)) - Number(heals(a)));
    if (first === undefined) throw new Error('Nothing was set aside.');
    super(`Set aside: ${joined.map(({ message }) => message).join(' ')}`);
    this.faults = [first, ...others];
  }
}

function heals({ code }: Fault): boolean {
  return faults[code].course === 'heals';
}

/**
 * Does one step of the lane; when only its own subject fails, and certainly nothing was written, that is set aside. `refusedAs`
 * is the fault for a value that Jira does not accept.
 */
export async function apart(
  lane: Lane,
  { subject, doing, refusedAs = 'jira_invalid' }: { subject: string; doing: string; refusedAs?: FaultCode },
  step: () => Promise<void>,
): Promise<void> {
  if (lane.setAside.has(subject)) return;
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Fault || error instanceof TrackerError)) throw error;
    const found = await laneFault(lane, error, doing);
    const fault = found.code === 'jira_invalid' ? new Fault(refusedAs, found.detail, { cause: error }) : found;
    if (!ofOneThing.has(fault.code) || lane.intents.length > 0) throw fault;
    lane.setAside.set(subject, fault);
  }
}

export function commentSubject({ uid }: CommentEntry): string {
  return `comment ${uid}`;
}

export function fileSubject({ uid }: AttachmentEntry): string {
  return `file ${uid}`;
}

export function fieldSubject(name: FieldName): string {
  return `field ${name}`;
}

/** What is left to be written in this turn. */
export function remaining(lane: Lane): Plan {
  const work = plan(settle(lane.state));
  const isOpen = (comment: CommentEntry): boolean => !lane.setAside.has(commentSubject(comment));
  return {
    ...work,
    addComments: work.addComments.filter(isOpen),
    editComments: work.editComments.filter(isOpen),
    fields: work.fields.filter((name) => !lane.setAside.has(fieldSubject(name))),
    addAttachments: work.addAttachments.filter((file) => !lane.setAside.has(fileSubject(file))),
  };
}
