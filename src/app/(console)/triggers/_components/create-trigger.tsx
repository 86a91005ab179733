'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { useUrlDialog } from '../../_components/use-url-dialog.ts';
import { TriggerDialog } from './trigger-dialog.tsx';

export interface CreateTriggerProps {
  connections: ReadonlyArray<{ id: string; name: string }>;
  /** Chosen beforehand. */
  connectionId?: string;
}

export function CreateTrigger({ connections, connectionId }: CreateTriggerProps) {
  const { open, show, close } = useUrlDialog('create');
  const only = connections.length === 1 ? connections[0]?.id : undefined;
  return (
    <>
      <Button look="primary" onClick={show}>
        Create Trigger
      </Button>
      {open && (
        <TriggerDialog
          triggerId={null}
          initial={{ connectionId: connectionId ?? only ?? '', jql: '', notes: '', active: true }}
          connections={connections}
          onClose={close}
        />
      )}
    </>
  );
}
