'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { counted } from '#/ui/duration.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { DiscardConfirm } from '#/ui/patterns/discard-confirm.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { Checkbox } from '#/ui/primitives/checkbox.tsx';
import { Dialog, DialogBody, focusFirst } from '#/ui/primitives/dialog.tsx';
import { focusInvalid } from '#/ui/primitives/focus-invalid.ts';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { SelectField } from '#/ui/primitives/select-field.tsx';
import { TextArea } from '#/ui/primitives/text-area.tsx';
import type { Problem } from '#/ui/problem.ts';
import { createTriggerAction, type TriggerValues, updateTriggerAction } from '../actions.ts';
import { useJqlCheck } from './use-jql-check.ts';

export interface TriggerDialogProps {
  /** Set when a trigger is changed. */
  triggerId: string | null;
  initial: TriggerValues;
  connections: ReadonlyArray<{ id: string; name: string }>;
  onClose: () => void;
}

const fields = ['jql', 'connectionId', 'notes'];

/** "Create Trigger", and the same for changing one. */
export function TriggerDialog({ triggerId, initial, connections, onClose }: TriggerDialogProps) {
  const router = useRouter();
  const flags = useFlags();
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [leaving, setLeaving] = useState(false);
  const [pending, startTransition] = useTransition();
  const check = useJqlCheck(values.jql);

  const set = (change: Partial<TriggerValues>): void => {
    setValues({ ...values, ...change });
    setProblems(problems.filter(({ field }) => !((field ?? '') in change)));
  };
  const changed = (Object.keys(initial) as (keyof TriggerValues)[]).some((key) => values[key] !== initial[key]);
  const close = (): void => (changed ? setLeaving(true) : onClose());
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (pending) return;
    const missing = missingIn(values);
    setProblems(missing);
    focusInvalid(event.currentTarget);
    if (missing.length > 0) return;
    startTransition(async () => {
      const answer = await attempt(
        triggerId === null ? createTriggerAction(values) : updateTriggerAction({ triggerId, ...values }),
      );
      if (!answer.ok) {
        setProblems([answer.error]);
        return;
      }
      flags.done(
        triggerId === null
          ? `Trigger created; ${counted(answer.matches, 'issue')} ${answer.matches === 1 ? 'matches' : 'match'} now`
          : 'Trigger changed',
      );
      onClose();
      router.refresh();
    });
  };
  const at = (field: string): Problem | null => problems.find((problem) => problem.field === field) ?? null;

  return (
    <Dialog title={triggerId === null ? 'Create Trigger' : 'Edit Trigger'} onClose={close}>
      <form onSubmit={submit} noValidate className="contents">
        <DialogBody
          actions={
            <>
              <Button look="subtle" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" look="primary" pending={pending}>
                {triggerId === null ? 'Create' : 'Save'}
              </Button>
            </>
          }
        >
          <SelectField label="Entity type" disabled value="issue" options={[{ value: 'issue', label: 'Issue' }]} />
          <TextArea
            {...focusFirst}
            label="If"
            name="jql"
            rows={3}
            required
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            placeholder="project = TEST AND labels = partner"
            className="font-mono"
            value={values.jql}
            onChange={(event) => set({ jql: event.target.value })}
            problem={at('jql') ?? (check.state === 'bad' ? check.problem : null)}
            hint={
              <>
                <p>A JQL query. Issues that match it when they are created or changed are put under sync.</p>
                <p role="status" className="min-h-4 font-semibold">
                  {check.state === 'asking' && 'Asking Jira …'}
                  {check.state === 'good' &&
                    `${counted(check.matches, 'issue')} ${check.matches === 1 ? 'matches' : 'match'} now.`}
                </p>
              </>
            }
          />
          <SelectField
            label="Then sync with the connection"
            name="connectionId"
            required
            value={values.connectionId}
            onChange={(event) => set({ connectionId: event.target.value })}
            options={[
              { value: '', label: connections.length === 0 ? 'There is no active connection' : 'Select a connection' },
              ...connections.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            problem={at('connectionId')}
          />
          <TextArea
            label="Notes"
            name="notes"
            rows={2}
            value={values.notes}
            onChange={(event) => set({ notes: event.target.value })}
            problem={at('notes')}
          />
          <Checkbox checked={values.active} onChange={(active) => set({ active })}>
            Activate trigger
          </Checkbox>
          {problems
            .filter(({ field }) => !fields.includes(field ?? ''))
            .map((problem) => (
              <ProblemMessage key={problem.summary} problem={problem} />
            ))}
        </DialogBody>
      </form>
      <DiscardConfirm open={leaving} onDiscard={onClose} onKeep={() => setLeaving(false)}>
        {triggerId === null ? 'This trigger has not been saved yet.' : 'The trigger stays as it was before.'}
      </DiscardConfirm>
    </Dialog>
  );
}

/** All that is missing at once, each at its field. */
function missingIn({ jql, connectionId }: TriggerValues): Problem[] {
  return [...(jql.trim() === '' ? [queryMissing] : []), ...(connectionId === '' ? [connectionMissing] : [])];
}

const queryMissing: Problem = {
  summary: 'Please enter a query.',
  why: 'Without a condition every issue of this Jira would be put under sync.',
  remedy: 'Say which issues are meant, such as: project = TEST AND labels = partner',
  field: 'jql',
};

const connectionMissing: Problem = {
  summary: 'Please choose a connection.',
  why: 'It says where the issues are synchronized to.',
  remedy: 'Choose one from the list.',
  field: 'connectionId',
};
