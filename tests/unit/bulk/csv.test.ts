import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostPairs, readKeyPairs, withDoubles } from '#/engine/csv/key-pairs.ts';
import type { KeyPair } from '#/engine/csv/key-pairs.ts';
import { parseCsv } from '#/engine/csv/parse.ts';
import { csvLine } from '#/engine/csv/write.ts';

const cells = (text: string) => parseCsv(text).rows.map((row) => row.cells);

describe('parseCsv', () => {
  it.each([
    ['commas', 'a,b\nc,d'],
    ['semicolons', 'a;b\nc;d'],
    ['tabs', 'a\tb\nc\td'],
    ['a byte order mark, CRLF and blank lines', '\uFEFFa,b\r\n\r\n  \r\nc,d\r\n'],
    ['old Mac line ends', 'a,b\rc,d'],
    ['quotes and white space', ' "a" ; "b"\n"c";d '],
  ])('reads %s', (_name, text) => {
    expect(cells(text)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('keeps delimiters, quotes and line ends inside quotes, and counts the lines they span', () => {
    const { rows } = parseCsv('"a,""x""\nb",c\nd,e');
    expect(rows).toEqual([
      { line: 1, cells: ['a,"x"\nb', 'c'] },
      { line: 3, cells: ['d', 'e'] },
    ]);
  });

  it('reads back every line that csvLine writes, but for white space around', () => {
    const cell = fc
      .string({ unit: 'binary' })
      .filter(
        (text) =>
          text === text.trim() &&
          text !== '' &&
          !/^[=+\-@']/.test(text) &&
          !text.includes('\uFEFF') &&
          !text.includes('\u0000'),
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (lines) => {
        expect(cells(`"local","remote"\r\n${lines.map((line) => csvLine(line)).join('')}`).slice(1)).toEqual(lines);
      }),
    );
  });

  it('never fails, whatever the file', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void readKeyPairs(text)));
  });
});

describe('csvLine', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('lets no spreadsheet run %j', (text) => {
    expect(csvLine([text])).toMatch(/^"?'/);
  });
});

describe('readKeyPairs', () => {
  const pairs = (text: string): readonly KeyPair[] => {
    const read = readKeyPairs(text);
    if (read.kind !== 'pairs') throw new Error(read.kind);
    return read.pairs;
  };

  it('takes a header for a header only if nothing in it can be a key', () => {
    expect(readKeyPairs('local key,remote key\nAA-1,BB-1')).toMatchObject({
      header: true,
      pairs: [{ line: 2, localKey: 'AA-1' }],
    });
    expect(readKeyPairs('AA-1,BB-1')).toMatchObject({ header: false, pairs: [{ line: 1 }] });
    expect(readKeyPairs('AA-1,wrong\nAA-2,BB-2')).toMatchObject({ header: false });
  });

  it('forgives case and white space, and passes over further columns', () => {
    expect(pairs(' aa-1 , bb-1 , anything\n')).toEqual([
      { line: 1, localKey: 'AA-1', remoteKey: 'BB-1', problem: null },
    ]);
  });

  it('names malformed, missing and doubled keys by line', () => {
    expect(
      withDoubles(pairs('AA-1,BB-1\nAA-0,BB-2\nAA-3\n,BB-4\naa-1,BB-5\nAA-6,BB-1')).map(
        ({ line, problem }) => `${line} ${problem}`,
      ),
    ).toEqual([
      '1 null',
      '2 "AA-0" is not an issue key.',
      '3 The remote key is missing.',
      '4 The local key is missing.',
      '5 AA-1 is already in line 1.',
      '6 BB-1 is already in line 1.',
    ]);
  });

  it('lets a line that cannot be used keep no key from a later one that can', () => {
    const [first, second] = pairs('AA-1,BB-1\nAA-1,BB-2');
    if (first === undefined || second === undefined) throw new Error('Two lines are two pairs.');
    expect(withDoubles([{ ...first, problem: 'BB-1 is already under sync.' }, second])[1]?.problem).toBeNull();
  });

  it('takes 10,000 pairs and refuses 10,001, with or without a header', () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, index) => `AA-${index + 1},BB-${index + 1}`).join('\n');
    expect(pairs(lines(mostPairs))).toHaveLength(10_000);
    expect(pairs(`a,b\n${lines(mostPairs)}`)).toHaveLength(10_000);
    expect(readKeyPairs(lines(mostPairs + 1)).kind).toBe('too_many');
    expect(readKeyPairs(`a,b\n${lines(mostPairs + 1)}`).kind).toBe('too_many');
    expect(readKeyPairs('').kind).toBe('empty');
    expect(readKeyPairs('local,remote\n').kind).toBe('empty');
  });
});
