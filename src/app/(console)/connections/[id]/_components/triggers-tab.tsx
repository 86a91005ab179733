import { adminContext } from '#/server/session.ts';
import { Guarded, load } from '../../../_components/guarded.tsx';
import { CreateTrigger } from '../../../triggers/_components/create-trigger.tsx';
import { triggersData, TriggersView } from '../../../triggers/_components/triggers-view.tsx';

/** The triggers of one connection. */
export async function TriggersTab({ connectionId }: { connectionId: string }) {
  const loaded = await load(triggersData(await adminContext(), connectionId));
  return (
    <Guarded loaded={loaded}>
      {(data) => (
        <div className="space-y-4">
          {data.triggers.length > 0 && (
            <div className="flex justify-end">
              <CreateTrigger connections={data.connections} connectionId={connectionId} />
            </div>
          )}
          <TriggersView data={data} connectionId={connectionId} />
        </div>
      )}
    </Guarded>
  );
}
