'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { copyText } from '#/ui/copy-text.ts';
import { Button } from '#/ui/primitives/button.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';

export function CopyField({ label, value, hint }: { label: string; value: string; hint: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="space-y-1">
      <div className="flex items-end gap-2">
        <TextField
          label={label}
          value={value}
          readOnly
          className="min-w-0 flex-1"
          onFocus={(event) => event.target.select()}
        />
        <Button className="min-h-9" onClick={() => void copyText(value).then(setCopied)}>
          {copied ? <Check aria-hidden className="size-4 text-success" /> : <Copy aria-hidden className="size-4" />}
          Copy
        </Button>
      </div>
      <p className="text-xs text-subtle">{hint}</p>
      <span role="status" className="sr-only">
        {copied && 'Copied'}
      </span>
    </div>
  );
}
