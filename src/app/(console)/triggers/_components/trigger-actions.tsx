'use client';
import { useState } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { Button } from '#/ui/primitives/button.tsx';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import { Switch } from '#/ui/primitives/switch.tsx';
import { useAction } from '../../_components/use-action.ts';
import { useUrlDialog } from '../../_components/use-url-dialog.ts';
import {
  bulkExalateAction,
  bulkUnexalateAction,
  checkJqlAction,
  deleteTriggerAction,
  setTriggerActiveAction,
  type TriggerValues,
} from '../actions.ts';
import { BulkConfirm, type BulkQuestion } from './bulk-confirm.tsx';
import { TriggerDialog } from './trigger-dialog.tsx';

export interface TriggerActionsProps {
  trigger: TriggerValues & { id: string; connectionName: string };
  connections: ReadonlyArray<{ id: string; name: string }>;
}

export function TriggerSwitch({
  trigger: { id, jql, active },
}: {
  trigger: { id: string; jql: string; active: boolean };
}) {
  const { pending, run } = useAction();
  return (
    <Switch
      label={`Active: ${jql}`}
      hideLabel
      checked={active}
      pending={pending}
      onToggle={() =>
        run(
          () => setTriggerActiveAction({ triggerId: id, active: !active }),
          active ? 'Trigger is deactivated' : 'Trigger is active',
        )
      }
    />
  );
}

/** "Bulk Exalate", "Bulk Unexalate", "Edit" and "Delete" of one trigger. */
export function TriggerActions({ trigger, connections }: TriggerActionsProps) {
  const { id: triggerId, jql, connectionName } = trigger;
  const { pending, problem, forget, run } = useAction({ fromDialog: true });
  const edit = useUrlDialog(`edit-${triggerId}`);
  const [deleting, setDeleting] = useState(false);
  const [asking, setAsking] = useState<BulkQuestion | null>(null);

  const ask = (kind: BulkQuestion['kind']): void => {
    forget();
    setAsking({ kind, matches: null, problem: null });
    void attempt(checkJqlAction({ jql })).then((answer) =>
      setAsking((now) =>
        now === null
          ? null
          : { kind, matches: answer.ok ? answer.matches : null, problem: answer.ok ? null : answer.error },
      ),
    );
  };
  const askToDelete = (): void => {
    forget();
    setDeleting(true);
  };
  const start = (kind: BulkQuestion['kind']): void =>
    run(
      () => (kind === 'exalate' ? bulkExalateAction({ triggerId }) : bulkUnexalateAction({ triggerId })),
      ({ already }) => (already ? 'This is under way already' : 'Started; its progress is shown on this page'),
      () => setAsking(null),
    );

  return (
    <>
      <Button compact look="link" pending={pending} onClick={() => ask('exalate')}>
        Bulk Exalate
      </Button>
      <Button compact look="link" pending={pending} onClick={() => ask('unexalate')}>
        Bulk Unexalate
      </Button>
      <Button compact look="link" onClick={edit.show}>
        Edit
      </Button>
      <Button compact look="link" className="text-danger-ink" onClick={askToDelete}>
        Delete
      </Button>
      <BulkConfirm
        question={asking}
        connectionName={connectionName}
        pending={pending}
        problem={problem}
        onConfirm={start}
        onCancel={() => setAsking(null)}
      />
      <Confirm
        title="Delete this trigger?"
        open={deleting}
        confirmLabel="Delete"
        danger
        pending={pending}
        problem={problem}
        onConfirm={() =>
          run(
            () => deleteTriggerAction({ triggerId }),
            'Trigger deleted',
            () => setDeleting(false),
          )
        }
        onCancel={() => setDeleting(false)}
      >
        <p className="font-mono text-sm break-words">{jql}</p>
        <p>Issues that match are no longer put under sync. Issues that are under sync stay so; its bulk runs stop.</p>
      </Confirm>
      {edit.open && (
        <TriggerDialog
          triggerId={triggerId}
          initial={{
            connectionId: trigger.connectionId,
            jql,
            notes: trigger.notes,
            active: trigger.active,
          }}
          connections={
            connections.some(({ id }) => id === trigger.connectionId)
              ? connections
              : [...connections, { id: trigger.connectionId, name: connectionName }]
          }
          onClose={edit.close}
        />
      )}
    </>
  );
}
