/** Reading CSV as people's programs write it (RFC 4180, and what spreadsheets make of it). */
export interface CsvRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type Delimiter = ',' | ';' | '\t';

/** Rows with anything in them; blank lines are passed over. Cells are trimmed. A quote that is never closed ends with the text. */
export function parseCsv(text: string, most = Infinity): { delimiter: Delimiter; rows: readonly CsvRow[] } {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const delimiter = delimiterOf(source);
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let rowLine = 1;

  const endCell = (): void => {
    cells.push(cell.trim());
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (cells.some((one) => one !== '')) rows.push({ line: rowLine, cells });
    cells = [];
    rowLine = line;
  };
  for (let i = 0; i < source.length && rows.length < most; i += 1) {
    const char = source.charAt(i);
    const lineEnds = char === '\n' || (char === '\r' && source.charAt(i + 1) !== '\n');
    if (lineEnds) line += 1;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (source.charAt(i + 1) === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (char === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (char === delimiter) endCell();
    else if (lineEnds) endRow();
    else if (char !== '\r') cell += char;
  }
  if (rows.length < most) endRow();
  return { delimiter, rows };
}

/** The delimiter that the first line with any of them has outside quotes; a comma when none does. */
function delimiterOf(text: string): Delimiter {
  const counts: Record<Delimiter, number> = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === ',' || char === ';' || char === '\t') counts[char] += 1;
    else if (char === '\n' && Object.values(counts).some((count) => count > 0)) break;
  }
  const [best] = (Object.entries(counts) as [Delimiter, number][]).toSorted(([, a], [, b]) => b - a);
  return best !== undefined && best[1] > 0 ? best[0] : ',';
}
