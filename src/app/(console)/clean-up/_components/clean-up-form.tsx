import { Search } from 'lucide-react';
import { Button } from '#/ui/primitives/button.tsx';
import { Select } from '#/ui/primitives/select.tsx';
import { inputClass } from '#/ui/primitives/input-class.ts';

export interface CleanUpFormProps {
  by: 'issue' | 'connection';
  issueKey: string;
  connectionId: string;
  connections: ReadonlyArray<{ id: string; name: string }>;
}

/** A plain form: what is chosen ends up in the URL. */
export function CleanUpForm({ by, issueKey, connectionId, connections }: CleanUpFormProps) {
  return (
    <form
      key={`${by}|${issueKey}|${connectionId}`}
      method="get"
      role="search"
      className="flex flex-wrap items-end gap-3"
    >
      <input type="hidden" name="by" value={by} />
      {by === 'issue' ? (
        <label className="flex w-full flex-col gap-1 sm:w-56">
          <span className="text-xs font-semibold text-subtle">Issue key</span>
          <input
            type="search"
            name="key"
            required
            defaultValue={issueKey}
            placeholder="TEST-1"
            autoComplete="off"
            spellCheck={false}
            className={inputClass}
          />
        </label>
      ) : (
        <Select
          label="Connection"
          name="connection"
          required
          defaultValue={connectionId}
          options={[
            { value: '', label: 'Select a connection' },
            ...connections.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <Button type="submit" className="min-h-9">
        <Search aria-hidden className="size-4" /> Show what is under sync
      </Button>
    </form>
  );
}
