'use client';
import { Link } from '#/ui/primitives/link.tsx';
import { type FormEvent, useState, useTransition } from 'react';
import type { SetupLine } from '#/services/setup/check-jira.ts';
import { attempt } from '#/ui/ask-server.ts';
import { CheckLines } from '#/ui/patterns/check-lines.tsx';
import { credentialsOf, noProxyUser, ProxyUserFields } from '#/ui/patterns/proxy-user-fields.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { Note, ProblemMessage } from '#/ui/primitives/messages.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import type { Problem } from '#/ui/problem.ts';
import { attachAction } from '../actions.ts';

/** What is entered stays in this page until it is saved; passwords are never sent back. */
export function SetupForm() {
  const [values, setValues] = useState({ setupToken: '', jiraUrl: '' });
  const [proxyUser, setProxyUser] = useState(noProxyUser);
  const [lines, setLines] = useState<readonly SetupLine[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [state, setState] = useState<'open' | 'incomplete' | 'saved'>('open');
  const [pending, startTransition] = useTransition();

  const send = (save: boolean): void => {
    if (pending) return;
    startTransition(async () => {
      setProblem(null);
      setLines([]);
      setState('open');
      const result = await attempt(attachAction({ ...values, credentials: credentialsOf(proxyUser), save }));
      if (!result.ok) return setProblem(result.error);
      setLines(result.lines);
      setState(result.saved ? 'saved' : save ? 'incomplete' : 'open');
    });
  };
  const field = (name: keyof typeof values, label: string, more: object = {}) => (
    <TextField
      label={label}
      name={name}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      value={values[name]}
      onChange={(event) => setValues({ ...values, [name]: event.target.value })}
      problem={problem?.field === name ? problem : null}
      {...more}
    />
  );

  if (state === 'saved')
    return (
      <div className="space-y-4">
        <div role="status">
          <Note tone="success" title="This node is attached to your Jira">
            <p>Administrators of that Jira can sign in now.</p>
          </Note>
        </div>
        <CheckLines lines={lines} />
        <Link href="/login" className="inline-block font-medium text-link hover:underline">
          Sign in
        </Link>
      </div>
    );
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send(true);
      }}
      className="space-y-4"
    >
      {field('setupToken', 'Set-up token', {
        hint: 'Printed in the log of this node at its last start. It shows that this is your node.',
      })}
      {field('jiraUrl', 'Jira URL', {
        inputMode: 'url',
        placeholder: 'https://jira.company.example/jira',
        hint: 'With the context path, if there is one.',
      })}
      <ProxyUserFields values={proxyUser} onChange={setProxyUser} />
      {problem && !['setupToken', 'jiraUrl'].includes(problem.field ?? '') && <ProblemMessage problem={problem} />}
      <CheckLines lines={lines} />
      {state === 'incomplete' && <ProblemMessage problem={nothingSaved} />}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" pending={pending}>
          Check and save
        </Button>
        <Button onClick={() => send(false)}>Check only</Button>
      </div>
    </form>
  );
}

const nothingSaved: Problem = {
  summary: 'Nothing was saved.',
  why: 'Something that is required is missing.',
  remedy: 'Do what the lines with a cross say, then try again.',
  field: null,
};
