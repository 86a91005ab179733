'use client';
import type { Problem } from '../problem.ts';
import { TextField } from '../primitives/text-field.tsx';

export interface ProxyUserValues {
  way: 'token' | 'basic';
  token: string;
  username: string;
  password: string;
}

export const noProxyUser: ProxyUserValues = { way: 'token', token: '', username: '', password: '' };

/** How the node logs in to Jira. What is typed is never shown again. */
export function ProxyUserFields({
  values,
  problems = [],
  onChange,
}: {
  values: ProxyUserValues;
  problems?: readonly Problem[];
  onChange: (values: ProxyUserValues) => void;
}) {
  const field = (name: 'token' | 'username' | 'password', label: string, secret: boolean) => (
    <TextField
      label={label}
      name={name}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      value={values[name]}
      problem={problems.find((problem) => problem.field === name) ?? null}
      onChange={(event) => onChange({ ...values, [name]: event.target.value })}
      // Password inputs have no ARIA role of their own; named as a text box, assistive tools find it.
      {...(secret ? { type: 'password', role: 'textbox' } : {})}
    />
  );
  return (
    <>
      <fieldset className="flex flex-wrap gap-4">
        <legend className="mb-1 text-xs font-semibold text-subtle">The proxy user logs in with</legend>
        {(['token', 'basic'] as const).map((way) => (
          <label key={way} className="flex min-h-8 items-center gap-2">
            <input
              type="radio"
              name="way"
              checked={values.way === way}
              onChange={() => onChange({ ...values, way })}
              className="accent-brand"
            />
            {way === 'token' ? 'Personal access token' : 'User name and password'}
          </label>
        ))}
      </fieldset>
      {values.way === 'token' ? (
        field('token', 'Token of the proxy user', true)
      ) : (
        <>
          {field('username', 'User name of the proxy user', false)}
          {field('password', 'Password of the proxy user', true)}
        </>
      )}
    </>
  );
}

export function credentialsOf({ way, token, username, password }: ProxyUserValues) {
  return way === 'token' ? { kind: 'token' as const, token } : { kind: 'basic' as const, username, password };
}

/** What is not filled in, at its field. */
export function missingCredentials({ way, token, username, password }: ProxyUserValues): Problem[] {
  const missing = (field: string, summary: string): Problem => ({
    summary,
    why: 'The node logs in to Jira with it.',
    remedy: 'Fill it in.',
    field,
  });
  if (way === 'token') return token.trim() === '' ? [missing('token', 'The token is missing.')] : [];
  return [
    ...(username.trim() === '' ? [missing('username', 'The user name is missing.')] : []),
    ...(password === '' ? [missing('password', 'The password is missing.')] : []),
  ];
}
