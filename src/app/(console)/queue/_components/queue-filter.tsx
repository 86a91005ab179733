import { Button, buttonClass } from '#/ui/primitives/button.tsx';
import { Link } from '#/ui/primitives/link.tsx';
import { href } from '../../_components/search-params.ts';
import { Select } from '#/ui/primitives/select.tsx';
import { inputClass } from '#/ui/primitives/input-class.ts';

export interface QueueFilterProps {
  tab: string;
  filter: { connection: string; local: string; remote: string };
  /** Kept; '' for the usual order. */
  order: { sort: string; dir: string };
  connections: ReadonlyArray<{ id: string; name: string }>;
}

/** A plain form: the choice ends up in the URL. */
export function QueueFilter({ tab, filter, order, connections }: QueueFilterProps) {
  return (
    <form key={JSON.stringify([tab, filter, order])} method="get" className="mb-4 flex flex-wrap items-end gap-3">
      {Object.entries({ tab, ...order }).map(
        ([name, value]) => value !== '' && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <Select
        label="Connection"
        name="connection"
        defaultValue={filter.connection}
        options={[
          { value: '', label: 'All connections' },
          ...connections.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <KeyField label="Local ID" name="local" value={filter.local} />
      <KeyField label="Remote ID" name="remote" value={filter.remote} />
      <Button type="submit" className="min-h-9">
        Filter
      </Button>
      {Object.values(filter).some((value) => value !== '') && (
        <Link href={href('/queue', { tab, ...order })} className={buttonClass('subtle')}>
          Clear
        </Link>
      )}
    </form>
  );
}

function KeyField({ label, name, value }: { label: string; name: string; value: string }) {
  return (
    <label className="flex w-full flex-col gap-1 sm:w-36">
      <span className="text-xs font-semibold text-subtle">{label}</span>
      <input
        name={name}
        defaultValue={value}
        placeholder="TEST-1"
        autoComplete="off"
        spellCheck={false}
        className={inputClass}
      />
    </label>
  );
}
