'use client';
import type { FormEvent } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { DialogBody, focusFirst, focusFirstElement } from '#/ui/primitives/dialog.tsx';
import { FieldError } from '#/ui/primitives/messages.tsx';
import { Spinner } from '#/ui/primitives/spinner.tsx';
import { inputClass } from '#/ui/primitives/input-class.ts';
import type { Problem } from '#/ui/problem.ts';

export interface StepCodeProps {
  code: string;
  looking: boolean;
  problem: Problem | null;
  onChange: (code: string) => void;
  onCancel: () => void;
  onNext: () => void;
}

export function StepCode({ code, looking, problem, onChange, onCancel, onNext }: StepCodeProps) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!looking) onNext();
  };
  return (
    <form onSubmit={submit} className="contents">
      <DialogBody
        actions={
          <>
            {looking && (
              <p role="status" className="mr-auto flex items-center gap-2 text-subtle">
                <Spinner /> Asking the inviting node
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
        <p id="code-hint">Please paste the invitation code, received from your partner</p>
        <div className="flex flex-col gap-1">
          <label htmlFor="code" className="text-xs font-semibold text-subtle">
            Enter the invitation code
          </label>
          <textarea
            {...focusFirst}
            id="code"
            rows={7}
            value={code}
            onChange={(event) => onChange(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-invalid={problem ? true : undefined}
            aria-describedby={problem ? 'code-error' : 'code-hint'}
            className={`${inputClass} font-mono text-xs break-all`}
          />
          {problem && <FieldError id="code-error" problem={problem} />}
        </div>
      </DialogBody>
    </form>
  );
}
