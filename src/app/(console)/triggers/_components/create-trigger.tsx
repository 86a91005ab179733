'use client';
import { useState } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { TriggerDialog } from './trigger-dialog.tsx';

export interface CreateTriggerProps {
  connections: ReadonlyArray<{ id: string; name: string }>;
  /** Chosen beforehand. */
  connectionId?: string;
}

export function CreateTrigger({ connections, connectionId }: CreateTriggerProps) {
  const [open, setOpen] = useState(false);
  const only = connections.length === 1 ? connections[0]?.id : undefined;
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        Create Trigger
      </Button>
      {open && (
        <TriggerDialog
          triggerId={null}
          initial={{ connectionId: connectionId ?? only ?? '', jql: '', notes: '', active: true }}
          connections={connections}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
