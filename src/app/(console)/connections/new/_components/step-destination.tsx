'use client';
import { Info } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { DialogBody, focusFirst, focusFirstElement } from '#/ui/primitives/dialog.tsx';
import { Spinner } from '#/ui/primitives/spinner.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import type { Problem } from '#/ui/problem.ts';

export interface StepDestinationProps {
  url: string;
  noUrl: boolean;
  looking: boolean;
  problem: Problem | null;
  onChange: (set: Record<string, string | null>) => void;
  onCancel: () => void;
  onNext: (url: string) => void;
}

export function StepDestination({ url, noUrl, looking, problem, onChange, onCancel, onNext }: StepDestinationProps) {
  const [help, setHelp] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!looking) onNext(url.trim());
  };
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody
        actions={
          <>
            {looking && (
              <p role="status" className="mr-auto flex items-center gap-2 text-subtle">
                <Spinner /> Looking for the node at this address
              </p>
            )}
            {looking && (
              <Button
                look="subtle"
                onClick={() => {
                  onCancel();
                  focusFirstElement()?.focus();
                }}
              >
                Cancel
              </Button>
            )}
            <Button type="submit" look="primary" pending={looking}>
              Next
            </Button>
          </>
        }
      >
        <TextField
          {...focusFirst}
          label="Destination instance URL"
          labelExtra={
            <button
              type="button"
              aria-label="Help"
              aria-expanded={help}
              aria-controls="destination-help"
              onClick={() => setHelp(!help)}
              className="grid size-6 place-items-center rounded-sm text-subtle hover:bg-hover"
            >
              <Info aria-hidden className="size-3.5" />
            </button>
          }
          name="url"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="https://jira.partner.example"
          value={url}
          disabled={noUrl}
          onChange={(event) => onChange({ url: event.target.value })}
          problem={noUrl ? null : problem}
        />
        <p id="destination-help" hidden={!help} className="rounded-sm bg-info-soft p-3 text-sm">
          The link to the instance you want to connect with: the address of its Jira, or its Exalate URL, which its
          administrator finds under General Settings. With the address of your own instance you connect two of its
          projects.
        </p>
        <label className="flex min-h-8 items-center gap-2">
          <input
            type="checkbox"
            checked={noUrl}
            onChange={(event) => {
              onCancel();
              onChange({ nourl: event.target.checked ? '1' : null });
            }}
            className="size-4 accent-brand"
          />
          I don&apos;t have a URL
        </label>
      </DialogBody>
    </form>
  );
}
