'use client';
import { useActionState, useEffect, useRef } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { LinkTabs, TabPanel } from '#/ui/primitives/link-tabs.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import { takeInvitationFromAddress } from '#/ui/invitation-storage.ts';
import { signInAction } from '../actions.ts';

export interface SignInFormProps {
  nodeName: string;
  jiraUrl: string;
  callbackUrl: string;
  method: 'basic' | 'token';
}

export function SignInForm({ nodeName, jiraUrl, callbackUrl, method }: SignInFormProps) {
  const [state, submit, pending] = useActionState(signInAction, { kind: method, problem: null, username: '' });
  const target = useRef<HTMLInputElement>(null);
  // An invitation that came in the fragment waits in this tab until the admin has signed in.
  useEffect(() => void takeInvitationFromAddress(), []);
  // What else is in the fragment is the state of a wizard, which goes on where it was.
  const keepFragment = (): void => {
    if (target.current) target.current.value = callbackUrl + window.location.hash;
  };
  const href = (kind: string): string => `/login?${new URLSearchParams({ callbackUrl, method: kind })}`;
  return (
    <main className="w-full max-w-[25rem] rounded-md border border-line bg-surface px-6 pt-6 pb-7 shadow-raised">
      <h1 className="text-xl font-semibold">Sign in to {nodeName}</h1>
      <p className="mt-1 mb-4 text-subtle">
        For administrators of <span className="break-all text-ink">{jiraUrl}</span>
      </p>
      <LinkTabs
        label="Way to sign in"
        current={method}
        tabs={[
          { id: 'basic', label: 'Jira account', href: href('basic') },
          { id: 'token', label: 'Token', href: href('token') },
        ]}
      />
      <TabPanel current={method}>
        <form action={submit} onSubmit={keepFragment} className="flex flex-col gap-4">
          <input type="hidden" name="callbackUrl" ref={target} defaultValue={callbackUrl} />
          <input type="hidden" name="kind" value={method} />
          {state.problem && state.kind === method && <ProblemMessage problem={state.problem} />}
          {method === 'basic' ? (
            <>
              <TextField
                label="Username"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                defaultValue={state.username}
                required
                autoFocus
              />
              {/* Password inputs have no ARIA role of their own; named as a text box, assistive tools and tests find it. */}
              <TextField
                label="Password"
                name="password"
                type="password"
                role="textbox"
                autoComplete="current-password"
                required
              />
            </>
          ) : (
            <TextField
              key="token"
              label="Personal access token"
              name="token"
              type="password"
              role="textbox"
              autoComplete="off"
              required
              hint="From your Jira profile, under Personal Access Tokens (Jira 8.14 or later). It is used for this check only and not stored."
            />
          )}
          <Button type="submit" look="primary" pending={pending}>
            Sign in
          </Button>
        </form>
      </TabPanel>
    </main>
  );
}
