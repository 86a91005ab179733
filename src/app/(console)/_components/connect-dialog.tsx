'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { DiscardConfirm } from '#/ui/patterns/discard-confirm.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { Dialog, DialogBody, focusFirst } from '#/ui/primitives/dialog.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { SelectField } from '#/ui/primitives/select-field.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import type { Problem } from '#/ui/problem.ts';
import { connectAction } from '../connections/connect-actions.ts';
import { ConnectOptionsFields, usualConnectOptions } from './connect-options.tsx';

export interface ConnectDialogProps {
  connections: ReadonlyArray<{ id: string; name: string }>;
  /** Known beforehand; '' when not. */
  connectionId: string;
  localKey: string;
  onClose: () => void;
}

const fields = ['connectionId', 'localKey', 'remoteKey'];

/** "Connect": puts two issues under sync that exist already, one on each side. */
export function ConnectDialog({ connections, connectionId, localKey, onClose }: ConnectDialogProps) {
  const only = connections.length === 1 ? (connections[0]?.id ?? '') : '';
  const router = useRouter();
  const flags = useFlags();
  const [values, setValues] = useState({ connectionId: connectionId || only, localKey, remoteKey: '' });
  const [options, setOptions] = useState(usualConnectOptions);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [leaving, setLeaving] = useState(false);
  const [pending, startTransition] = useTransition();
  const changed = values.remoteKey !== '' || values.localKey !== localKey;
  const close = (): void => (changed ? setLeaving(true) : onClose());

  const set = (change: Partial<typeof values>): void => {
    setValues({ ...values, ...change });
    if (problem !== null && (problem.field ?? '') in change) setProblem(null);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (pending) return;
    if (values.connectionId === '') return setProblem(connectionMissing);
    startTransition(async () => {
      setProblem(null);
      const answer = await attempt(connectAction({ ...values, ...options }));
      if (!answer.ok) return setProblem(answer.error);
      const key = values.localKey.trim().toUpperCase();
      flags.done(`${key} and ${values.remoteKey.trim().toUpperCase()} are connected`);
      onClose();
      router.push(`/status?key=${encodeURIComponent(key)}&twin=${answer.twinId}`);
    });
  };
  const at = (field: string): Problem | null => (problem?.field === field ? problem : null);
  const keyField = { autoComplete: 'off', autoCapitalize: 'characters', spellCheck: false, required: true } as const;

  return (
    <Dialog title="Connect" onClose={close}>
      <form onSubmit={submit} noValidate className="contents">
        <DialogBody
          actions={
            <>
              <Button look="subtle" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" look="primary" pending={pending}>
                Connect
              </Button>
            </>
          }
        >
          <p>
            Puts two issues under sync that exist already, one on each side. From then on changes of either are shown by
            both.
          </p>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              {...(localKey === '' ? focusFirst : {})}
              {...keyField}
              label="Local issue key"
              name="localKey"
              placeholder="TEST-1"
              value={values.localKey}
              onChange={(event) => set({ localKey: event.target.value })}
              problem={at('localKey')}
            />
            <TextField
              {...(localKey === '' ? {} : focusFirst)}
              {...keyField}
              label="Remote issue key"
              name="remoteKey"
              placeholder="DEMO-7"
              value={values.remoteKey}
              onChange={(event) => set({ remoteKey: event.target.value })}
              problem={at('remoteKey')}
            />
          </div>
          <SelectField
            label="Connection"
            value={values.connectionId}
            onChange={(event) => set({ connectionId: event.target.value })}
            options={[
              ...(connectionId === '' ? [{ value: '', label: 'Select a connection' }] : []),
              ...connections.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            problem={at('connectionId')}
          />
          <ConnectOptionsFields options={options} onChange={setOptions} />
          {problem && !fields.includes(problem.field ?? '') && <ProblemMessage problem={problem} />}
        </DialogBody>
      </form>
      <DiscardConfirm open={leaving} onDiscard={onClose} onKeep={() => setLeaving(false)}>
        Nothing has been connected yet.
      </DiscardConfirm>
    </Dialog>
  );
}

const connectionMissing: Problem = {
  summary: 'Select a connection.',
  why: 'It says in which Jira the remote issue is.',
  remedy: 'Choose one from the list.',
  field: 'connectionId',
};
