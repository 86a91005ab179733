/** Creating the local issue of a twin that the partner put under sync (A3 to A5). */
import { Fault, faults, isFaultCode } from '#/engine/fault/faults.ts';
import type { Written } from '#/engine/replica/read-back.ts';
import type { FieldName, FieldState } from '#/engine/replica/state.ts';
import { fieldNames } from '#/engine/replica/state.ts';
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerIssueType } from '#/engine/ports.ts';
import { chooseIssueType } from '#/engine/twin/issue-type.ts';
import { demandedFields } from '#/engine/twin/required-fields.ts';
import type { Lane } from './lane.ts';
import { Later } from './later.ts';
import { writeOnce } from './non-repeatable.ts';
import { remoteProgress } from './remote-progress.ts';

/** Entity property that marks an issue as the twin made by this node; the evidence after a write of unknown outcome. */
export const twinProperty = 'exalate.twin';

/** A parent that has no issue here for so long is given up: its sub-task becomes a standard issue (A4). */
const parentWithinMs = 5 * 60_000;
const parentLookMs = 1_000;

export async function createIssue(lane: Lane): Promise<ReadonlyMap<FieldName, Written>> {
  const { ctx, connection, twin, state } = lane;
  const tracker = ctx.jira();
  const project = { id: connection.projectId, key: connection.projectKey };
  const summary = state.fields.summary?.value ?? '';
  const description = state.fields.description?.value ?? '';
  const parentId = await parentOf(lane);
  const issueType = await typeFor(lane, parentId !== null);
  const ask = async () => demandedFields(await tracker.createFields(project, issueType.id), { summary, description });
  const demandedNow = async () => {
    let demanded = await ask();
    if (demanded.missing.length > 0) {
      // Perhaps the admin has made them optional since they were read.
      tracker.forgetCaches();
      demanded = await ask();
    }
    if (demanded.missing.length === 0) return demanded;
    throw new Fault('required_fields', `${project.key} demands for ${issueType.name}: ${demanded.missing.join(', ')}.`);
  };
  const demanded = await demandedNow();
  await writeOnce(
    lane,
    {
      kind: 'create_issue',
      subject: '',
      detail: { projectId: project.id, projectKey: project.key, summary, description, typeName: issueType.name },
    },
    () =>
      tracker.createIssue({
        projectId: project.id,
        issueTypeId: issueType.id,
        summary,
        description: description === '' ? null : description,
        ...(issueType.subtask && parentId !== null ? { parentId } : {}),
        extraFields: demanded.extraFields,
        properties: [{ key: twinProperty, value: { connection: connection.uid, twin: twin.uid } }],
      }),
    (created) => recordCreated(lane, { ...created, projectKey: project.key, typeName: issueType.name }),
  ).catch(async (error: unknown) => {
    if (!(error instanceof TrackerError) || error.code !== 'invalid') throw error;
    // Perhaps Jira demands more since its fields were read; then they are named.
    tracker.forgetCaches();
    await demandedNow();
    throw error;
  });
  return writtenAtCreation(lane);
}

/** Also used when the evidence shows that an earlier attempt did create the issue. */
export function recordCreated(
  lane: Lane,
  created: { id: string; key: string; projectKey: string; typeName: string },
): void {
  const { twin, state } = lane;
  twin.localIssueId = created.id;
  twin.localIssueKey = created.key;
  twin.localProjectKey = created.projectKey;
  const fields: Partial<Record<FieldName, FieldState>> = {};
  for (const name of fieldNames) {
    const field = state.fields[name];
    if (field === undefined) continue;
    const text = name === 'issueType' ? created.typeName : field.value;
    fields[name] = { ...field, realized: { text, stamp: field.stamp } };
  }
  lane.state = { ...state, fields };
  lane.timeline.push({ kind: 'created', data: { key: created.key, type: created.typeName } });
}

/** For the first look at an issue that sync made: what Jira holds then came from us. */
export function writtenAtCreation(lane: Lane): ReadonlyMap<FieldName, Written> {
  const written = new Map<FieldName, Written>();
  for (const name of ['summary', 'description'] as const) {
    const realized = lane.state.fields[name]?.realized;
    if (realized) written.set(name, { before: null, text: realized.text, stamp: realized.stamp });
  }
  return written;
}

async function typeFor(lane: Lane, parentKnown: boolean): Promise<TrackerIssueType> {
  const { ctx, connection, twin, state } = lane;
  const tracker = ctx.jira();
  const project = { id: connection.projectId, key: connection.projectKey };
  const wanted = state.fields.issueType?.value ?? 'Task';
  const choice = chooseIssueType({
    wanted,
    subtask: remoteProgress(twin).subtask ?? false,
    parentKnown,
    available: await tracker.creatableIssueTypes(project),
    defaultType: await tracker.defaultIssueType(project),
  });
  switch (choice.kind) {
    case 'mirrored':
      return choice.issueType;
    case 'fallback':
      lane.timeline.push({
        kind: 'issue_type_fallback',
        data: { wanted, used: choice.issueType.name, reason: choice.reason },
      });
      return choice.issueType;
    case 'none':
      throw new Fault(
        'no_issue_type',
        `"${wanted}" was asked for; ${project.key} has: ${choice.available.join(', ')}.`,
      );
  }
}

/**
 * The local issue under which the twin of the partner's sub-task belongs; null when its parent is not under sync. A parent that
 * came under sync together with it has no issue here yet, or has not even been heard of: throws {@link Later} until it has one.
 */
async function parentOf(lane: Lane): Promise<string | null> {
  const uid = remoteProgress(lane.twin).parentTwin ?? null;
  if (uid === null) return null;
  const parent = await lane.ctx.db.twin.findUnique({
    where: { connectionId_uid: { connectionId: lane.connection.id, uid } },
    select: { localIssueId: true, localProjectKey: true, endedAt: true, errorCode: true },
  });
  if (parent === null || (parent.localIssueId === null && parent.endedAt === null && !isStuck(parent)))
    awaitParent(lane);
  return parent !== null && parent.localProjectKey === lane.connection.projectKey ? parent.localIssueId : null;
}

/** Only an admin or a change gets it going again. */
function isStuck({ errorCode }: { errorCode: string | null }): boolean {
  return errorCode !== null && isFaultCode(errorCode) && faults[errorCode].course === 'stays';
}

/** Returns once the parent has been waited for long enough; the time begins with the first look, not with the message. */
function awaitParent({ ctx, twin }: Lane): void {
  const now = ctx.clock.now();
  const progress = remoteProgress(twin);
  const sinceMs = progress.parentAwaitedMs ?? now;
  if (now - sinceMs > parentWithinMs) return;
  twin.remoteProgress = { ...progress, parentAwaitedMs: sinceMs };
  throw new Later(new Date(now + parentLookMs), 'waiting for the issue of its parent');
}
