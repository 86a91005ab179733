'use client';
import { Link } from '#/ui/primitives/link.tsx';
import { type FormEvent, useRef, useState, useTransition } from 'react';
import type { SetupLine } from '#/services/setup/check-jira.ts';
import { attempt } from '#/ui/ask-server.ts';
import { CheckLines } from '#/ui/patterns/check-lines.tsx';
import { credentialsOf, missingCredentials, noProxyUser, ProxyUserFields } from '#/ui/patterns/proxy-user-fields.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { focusInvalid } from '#/ui/primitives/focus-invalid.ts';
import { Note, ProblemMessage } from '#/ui/primitives/messages.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import type { Problem } from '#/ui/problem.ts';
import { attachAction } from '../actions.ts';

/** What is entered stays in this page until it is saved; passwords are never sent back. */
export function SetupForm() {
  const [values, setValues] = useState({ setupToken: '', jiraUrl: '' });
  const [proxyUser, setProxyUser] = useState(noProxyUser);
  const [lines, setLines] = useState<readonly SetupLine[]>([]);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const [state, setState] = useState<'open' | 'incomplete' | 'saved'>('open');
  const [pending, startTransition] = useTransition();

  const send = (save: boolean): void => {
    if (pending) return;
    const missing = [...missingIn(values), ...missingCredentials(proxyUser)];
    setProblems(missing);
    setLines([]);
    if (form.current) focusInvalid(form.current);
    if (missing.length > 0) return;
    startTransition(async () => {
      setState('open');
      const result = await attempt(attachAction({ ...values, credentials: credentialsOf(proxyUser), save }));
      if (!result.ok) return setProblems([result.error]);
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
      problem={problems.find((problem) => problem.field === name) ?? null}
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
      ref={form}
      noValidate
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
      <ProxyUserFields values={proxyUser} problems={problems} onChange={setProxyUser} />
      {problems
        .filter(({ field: name }) => !fields.includes(name ?? ''))
        .map((problem) => (
          <ProblemMessage key={problem.summary} problem={problem} />
        ))}
      <div role="status">
        <CheckLines lines={lines} />
      </div>
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

const fields = ['setupToken', 'jiraUrl', 'token', 'username', 'password'];

function missingIn({ setupToken, jiraUrl }: { setupToken: string; jiraUrl: string }): Problem[] {
  return [...(setupToken.trim() === '' ? [tokenMissing] : []), ...(jiraUrl.trim() === '' ? [addressMissing] : [])];
}

const tokenMissing: Problem = {
  summary: 'The set-up token is missing.',
  why: 'Without it nothing is contacted: it shows that this is your node.',
  remedy: 'Look for “Set-up token” in the log of the console’s process, and enter it here.',
  field: 'setupToken',
};

const addressMissing: Problem = {
  summary: 'The address is missing.',
  why: 'The node has to know for which Jira it works.',
  remedy: 'Enter it as the browser shows it when you are in Jira.',
  field: 'jiraUrl',
};

const nothingSaved: Problem = {
  summary: 'Nothing was saved.',
  why: 'Something that is required is missing.',
  remedy: 'Do what the lines with a cross say, then try again.',
  field: null,
};
