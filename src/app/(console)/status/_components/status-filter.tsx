import { Search } from 'lucide-react';
import { Link } from '#/ui/primitives/link.tsx';
import { Button, buttonClass } from '#/ui/primitives/button.tsx';
import { Select } from '#/ui/primitives/select.tsx';
import { inputClass } from '#/ui/primitives/input-class.ts';
import { twinStatusChoices } from './twin-status-choices.ts';

export interface StatusFilterProps {
  filter: { key: string; connection: string; status: string };
  connections: ReadonlyArray<{ id: string; name: string }>;
}

/** A plain form: the choice ends up in the URL, with or without scripts. */
export function StatusFilter({ filter, connections }: StatusFilterProps) {
  const { key, connection, status } = filter;
  return (
    <form
      key={`${key}|${connection}|${status}`}
      method="get"
      role="search"
      className="mb-5 flex flex-wrap items-end gap-3"
    >
      <label className="flex w-full flex-col gap-1 sm:w-56">
        <span className="text-xs font-semibold text-subtle">Issue key</span>
        <input
          type="search"
          name="key"
          defaultValue={key}
          placeholder="TEST-1"
          autoComplete="off"
          spellCheck={false}
          className={inputClass}
        />
      </label>
      <Select
        label="Connection"
        name="connection"
        defaultValue={connection}
        options={[
          { value: '', label: 'All connections' },
          ...connections.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <Select
        label="Status"
        name="status"
        defaultValue={status}
        options={[{ value: '', label: 'All' }, ...twinStatusChoices]}
      />
      <Button type="submit" className="min-h-9">
        <Search aria-hidden className="size-4" /> Search
      </Button>
      {(key || connection || status) && (
        <Link href="/status" className={buttonClass('subtle')}>
          Clear
        </Link>
      )}
    </form>
  );
}
