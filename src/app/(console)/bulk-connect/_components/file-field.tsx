'use client';
import { type ChangeEvent, type DragEvent, useId, useRef, useState } from 'react';
import { decodeText } from '#/ui/decode-text.ts';
import { Button } from '#/ui/primitives/button.tsx';
import { classes } from '#/ui/primitives/classes.ts';
import { FieldError } from '#/ui/primitives/messages.tsx';
import type { Problem } from '#/ui/problem.ts';

const largestBytes = 5_000_000;

const tooLarge: Problem = {
  summary: 'This file is too large.',
  why: 'At most 5 MB are read at once.',
  remedy: 'Divide it into several files.',
  field: 'text',
};

const unreadable: Problem = {
  summary: 'This file could not be read.',
  why: 'The browser did not get its content; it may have been moved or changed.',
  remedy: 'Choose it again.',
  field: 'text',
};

/** Chooses a CSV file, by its button or by dropping it. */
export function FileField({
  filename,
  onText,
}: {
  filename: string;
  onText: (text: string, filename: string) => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setProblem(file.size > largestBytes ? tooLarge : null);
    if (file.size > largestBytes) return;
    try {
      onText(decodeText(new Uint8Array(await file.arrayBuffer())), file.name);
    } catch {
      setProblem(unreadable);
    }
  };
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    void read(event.target.files?.[0]);
    event.target.value = '';
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };

  return (
    <div className="space-y-1">
      <label htmlFor={id} className="text-xs font-semibold text-subtle">
        CSV file
      </label>
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={classes(
          'flex flex-wrap items-center gap-3 rounded-md border border-dashed p-3',
          over ? 'border-brand bg-selected' : 'border-line bg-sunken',
        )}
      >
        <input
          ref={input}
          id={id}
          type="file"
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          onChange={choose}
          className="sr-only"
          tabIndex={-1}
        />
        <Button onClick={() => input.current?.click()}>Choose a file</Button>
        <span className="min-w-0 break-words text-subtle">{filename || 'or drop it here'}</span>
      </div>
      {problem && <FieldError id={`${id}-error`} problem={problem} />}
    </div>
  );
}
