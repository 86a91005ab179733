'use client';
import { useState, useTransition } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { SelectField } from '#/ui/primitives/select-field.tsx';
import { TextArea } from '#/ui/primitives/text-area.tsx';
import type { Problem } from '#/ui/problem.ts';
import { ConnectOptionsFields, usualConnectOptions } from '../../_components/connect-options.tsx';
import { useAction } from '../../_components/use-action.ts';
import { FileField } from './file-field.tsx';
import { PreviewTable } from './preview-table.tsx';
import { askPreview, askStart, type Preview } from './requests.ts';

export interface BulkConnectFormProps {
  connections: ReadonlyArray<{ id: string; name: string }>;
  /** Chosen beforehand. */
  connectionId: string;
}

/** Choose a connection and a file, look at every line, connect the good ones. */
export function BulkConnectForm({ connections, connectionId: first }: BulkConnectFormProps) {
  const [connectionId, setConnectionId] = useState(first);
  const [source, setSource] = useState({ text: '', filename: '' });
  const [options, setOptions] = useState(usualConnectOptions);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [checking, startChecking] = useTransition();
  const { pending, run } = useAction();

  const change = (): void => {
    setPreview(null);
    setProblem(null);
  };
  const look = (text: string): void =>
    startChecking(async () => {
      change();
      const answer = await askPreview({ connectionId, text });
      if (answer.ok) setPreview(answer);
      else setProblem(answer.error);
    });
  const take = (text: string, filename: string): void => {
    setSource({ text, filename });
    change();
    if (connectionId !== '') look(text);
  };
  const connect = (rows: Preview['rows']): void =>
    run(
      () => askStart({ connectionId, rows, filename: source.filename || 'Pasted text', ...options }),
      ({ already }) =>
        already ? 'A bulk connect of this connection is under way already' : 'Started; its progress is shown above',
      ({ already }) => {
        if (already) return;
        setSource({ text: '', filename: '' });
        setPreview(null);
      },
    );
  const at = (field: string): Problem | null => (problem?.field === field ? problem : null);

  return (
    <div className="space-y-5">
      <div className="space-y-4 rounded-md border border-line bg-surface p-4">
        <SelectField
          label="Connection"
          value={connectionId}
          onChange={(event) => {
            setConnectionId(event.target.value);
            change();
          }}
          options={[
            { value: '', label: 'Select a connection' },
            ...connections.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          problem={at('connectionId')}
        />
        <FileField filename={source.filename} onText={take} />
        <TextArea
          label="Or paste the pairs"
          rows={5}
          spellCheck={false}
          autoCapitalize="none"
          placeholder={'TEST-1,DEMO-7\nTEST-2,DEMO-9'}
          className="font-mono"
          value={source.text.length > 20_000 ? `${source.text.slice(0, 20_000)}…` : source.text}
          readOnly={source.text.length > 20_000}
          onChange={(event) => {
            setSource({ text: event.target.value, filename: '' });
            change();
          }}
          hint="One pair per line: the key here, then the key on the other side, with a comma or a semicolon between them. A header is passed over, further columns as well."
          problem={at('text')}
        />
        <ConnectOptionsFields options={options} onChange={setOptions} />
        {problem && problem.field !== 'connectionId' && problem.field !== 'text' && (
          <ProblemMessage problem={problem} />
        )}
        <Button look={preview === null ? 'primary' : 'default'} pending={checking} onClick={() => look(source.text)}>
          Check the lines
        </Button>
      </div>
      <p role="status" className="sr-only">
        {preview !== null && `${preview.good} can be connected, ${preview.bad} cannot.`}
      </p>
      {preview !== null && <PreviewTable preview={preview} pending={pending} onConnect={connect} />}
    </div>
  );
}
