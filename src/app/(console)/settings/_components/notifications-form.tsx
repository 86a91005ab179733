'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { Checkbox } from '#/ui/primitives/checkbox.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { SelectField } from '#/ui/primitives/select-field.tsx';
import { TextArea } from '#/ui/primitives/text-area.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import type { Problem } from '#/ui/problem.ts';
import { useAction } from '../../_components/use-action.ts';
import { saveNotificationsAction, testMailAction } from '../actions.ts';

type Impact = 'node' | 'connection' | 'trigger' | 'issue';

const impacts: ReadonlyArray<{ id: Impact; label: string }> = [
  { id: 'node', label: 'Errors of this node' },
  { id: 'connection', label: 'Errors of a connection' },
  { id: 'trigger', label: 'Errors of a trigger' },
  { id: 'issue', label: 'Errors of an issue' },
];

const intervals = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: 'hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: 'day' },
];

export interface NotificationsFormProps {
  recipients: string;
  from: string;
  defaultFrom: string;
  impacts: readonly string[];
  everyMinutes: number;
  /** A mail can be sent: there is a server, and a recipient is stored. */
  canTest: boolean;
}

/** Who gets e-mail about which errors, and how often. */
export function NotificationsForm({ defaultFrom, canTest, ...stored }: NotificationsFormProps) {
  const router = useRouter();
  const flags = useFlags();
  const [values, setValues] = useState(stored);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, startTransition] = useTransition();
  const test = useAction();
  const set = (change: Partial<typeof stored>): void => setValues({ ...values, ...change });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (pending) return;
    startTransition(async () => {
      setProblem(null);
      const answer = await attempt(
        saveNotificationsAction({
          ...values,
          impacts: impacts.flatMap(({ id }) => (values.impacts.includes(id) ? [id] : [])),
          everyMinutes: values.everyMinutes as 15,
        }),
      );
      if (!answer.ok) return setProblem(answer.error);
      flags.done('Notifications are saved');
      router.refresh();
    });
  };
  const at = (field: string): Problem | null => (problem?.field === field ? problem : null);

  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <TextArea
        label="Recipients"
        rows={2}
        value={values.recipients}
        onChange={(event) => set({ recipients: event.target.value })}
        placeholder="jira-admins@company.example"
        hint="E-mail addresses with a comma between them. Without any, no e-mail is sent."
        problem={at('recipients')}
      />
      <TextField
        label="Sender"
        type="email"
        autoComplete="off"
        value={values.from}
        onChange={(event) => set({ from: event.target.value })}
        placeholder={defaultFrom}
        hint="Many mail servers accept certain senders only."
        problem={at('from')}
      />
      <fieldset>
        <legend className="text-xs font-semibold text-subtle">Send</legend>
        {impacts.map(({ id, label }) => (
          <Checkbox
            key={id}
            checked={values.impacts.includes(id)}
            onChange={(on) =>
              set({ impacts: on ? [...values.impacts, id] : values.impacts.filter((other) => other !== id) })
            }
          >
            {label}
          </Checkbox>
        ))}
      </fieldset>
      <SelectField
        label="The same error at most once per"
        value={String(values.everyMinutes)}
        onChange={(event) => set({ everyMinutes: Number(event.target.value) })}
        options={intervals}
        hint="Errors of issues and triggers are collected for as long; those of the node or a connection are sent at once. What heals within seconds is not sent."
      />
      {problem && !['recipients', 'from'].includes(problem.field ?? '') && <ProblemMessage problem={problem} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" pending={pending}>
          Save
        </Button>
        {canTest && (
          <Button
            pending={test.pending}
            onClick={() =>
              test.run(testMailAction, ({ recipients }) => `A test e-mail was sent to ${recipients.join(', ')}`)
            }
          >
            Send test e-mail
          </Button>
        )}
      </div>
    </form>
  );
}
