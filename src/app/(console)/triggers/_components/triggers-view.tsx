import type { RunView } from '#/services/bulk/run-view.ts';
import { listRuns } from '#/services/bulk/list-runs.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import type { ServiceContext } from '#/services/context.ts';
import { listTriggers, type TriggerRow } from '#/services/trigger/list-triggers.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { ButtonLink } from '#/ui/primitives/button-link.tsx';
import { Runs } from '../../_components/runs.tsx';
import { CreateTrigger } from './create-trigger.tsx';
import { TriggersTable } from './triggers-table.tsx';

export interface TriggersData {
  triggers: readonly TriggerRow[];
  runs: readonly RunView[];
  /** The active ones. */
  connections: ReadonlyArray<{ id: string; name: string }>;
  nowMs: number;
}

/** Triggers and their bulk runs: all of them, or those of one connection. */
export async function triggersData(ctx: ServiceContext, connectionId?: string): Promise<TriggersData> {
  const [triggers, exalate, unexalate, connections] = await Promise.all([
    listTriggers(ctx, connectionId === undefined ? {} : { connectionId }),
    listRuns(ctx, { kind: 'exalate' }),
    listRuns(ctx, { kind: 'unexalate' }),
    listConnections(ctx),
  ]);
  const ids = new Set(triggers.map(({ id }) => id));
  return {
    triggers,
    runs: [...exalate, ...unexalate].filter(
      ({ triggerId }) => connectionId === undefined || (triggerId !== null && ids.has(triggerId)),
    ),
    connections: connections.filter(({ status }) => status === 'active').map(({ id, name }) => ({ id, name })),
    nowMs: ctx.clock.now(),
  };
}

export function TriggersView({ data, connectionId }: { data: TriggersData; connectionId?: string }) {
  const { triggers, runs, connections, nowMs } = data;
  return (
    <div className="space-y-5">
      <Runs runs={runs} nowMs={nowMs} />
      {triggers.length > 0 ? (
        <TriggersTable triggers={triggers} connections={connections} />
      ) : connections.length === 0 ? (
        <EmptyState
          title="No triggers yet"
          text="A trigger puts every issue that matches a query under sync by itself. It needs an active connection first."
          action={
            <ButtonLink href="/connections" look="primary">
              Set up a connection
            </ButtonLink>
          }
        />
      ) : (
        <EmptyState
          title="No triggers yet"
          text="A trigger puts every issue that matches a JQL query under sync by itself, when it is created or changed."
          action={
            connectionId === undefined ? undefined : (
              <CreateTrigger connections={connections} connectionId={connectionId} />
            )
          }
        />
      )}
    </div>
  );
}
