import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutations } from '../../../scripts/chaos/mutations.ts';
import { projectRoot } from '../../../scripts/lib/owned-process.ts';

describe('the list of safeguards to remove', () => {
  it.each(mutations)('names what is there: $safeguard', ({ file, find, tests, names }) => {
    const source = readFileSync(join(projectRoot, file), 'utf8');
    expect(source.split(find), `${find}\nin ${file}`).toHaveLength(2);
    const files = globSync(`${tests}*.test.ts`, { cwd: projectRoot });
    expect(files, tests).not.toEqual([]);
    const texts = files.map((path) => readFileSync(join(projectRoot, path), 'utf8')).join('\n');
    expect(new RegExp(names).test(texts), `${names} in ${files.join(', ')}`).toBe(true);
  });
});
