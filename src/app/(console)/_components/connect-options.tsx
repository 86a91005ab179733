'use client';
import { Checkbox, Radio } from '#/ui/primitives/checkbox.tsx';

export interface ConnectOptions {
  existing: { comments: boolean; attachments: boolean };
  winner: 'local' | 'remote';
}

export const usualConnectOptions: ConnectOptions = { existing: { comments: true, attachments: true }, winner: 'local' };

/** What becomes of content that is there already when existing issues are connected. */
export function ConnectOptionsFields({
  options: { existing, winner },
  onChange,
}: {
  options: ConnectOptions;
  onChange: (options: ConnectOptions) => void;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <fieldset>
        <legend className="text-xs font-semibold text-subtle">Carry over what only one side has</legend>
        <Checkbox
          checked={existing.comments}
          onChange={(comments) => onChange({ winner, existing: { ...existing, comments } })}
        >
          Existing comments
        </Checkbox>
        <Checkbox
          checked={existing.attachments}
          onChange={(attachments) => onChange({ winner, existing: { ...existing, attachments } })}
        >
          Existing attachments
        </Checkbox>
      </fieldset>
      <fieldset>
        <legend className="text-xs font-semibold text-subtle">Where the fields differ</legend>
        <Radio group="winner" checked={winner === 'local'} onChoose={() => onChange({ existing, winner: 'local' })}>
          The local issue wins
        </Radio>
        <Radio group="winner" checked={winner === 'remote'} onChoose={() => onChange({ existing, winner: 'remote' })}>
          The remote issue wins
        </Radio>
      </fieldset>
    </div>
  );
}
