import busboy from 'busboy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameFile } from '#/jira/multipart.ts';

function parse(
  contentType: string,
  body: Buffer,
): Promise<{ field: string; filename: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const parser = busboy({ headers: { 'content-type': contentType }, defParamCharset: 'utf8' });
    parser.on('file', (field, stream, { filename }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => resolve({ field, filename, bytes: Buffer.concat(chunks) }));
    });
    parser.on('error', reject);
    parser.end(body);
  });
}

describe('multipart framing', () => {
  it('a parser finds the very bytes and the name, and the length is the one announced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        async (bytes, name) => {
          // oxlint-disable-next-line no-control-regex -- names that must come through unchanged have none
          const plain = name.replace(/[\u0000-\u001f\u007f/\\"]/g, '_');
          // The parser takes these two for folders.
          const filename = plain === '.' || plain === '..' ? 'dots' : plain;
          const frame = frameFile({ filename, mimeType: 'text/plain', sizeBytes: bytes.byteLength, boundary: 'xYz' });
          const body = Buffer.concat([frame.head, bytes, frame.tail]);
          expect(body.byteLength).toBe(frame.contentLength);
          const part = await parse(frame.contentType, body);
          expect(part.field).toBe('file');
          expect(part.filename).toBe(filename);
          expect(part.bytes.equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a"b.txt', 'filename="a%22b.txt"'],
    ['a\r\nX-Evil: 1.txt', 'filename="a%0D%0AX-Evil: 1.txt"'],
    ['ends with \\', 'filename="ends with %5C"'],
    ['Übung 漢字.png', 'filename="Übung 漢字.png"'],
  ])('the name %j cannot break the part header', (filename, header) => {
    const frame = frameFile({ filename, mimeType: 'text/plain', sizeBytes: 0, boundary: 'b' });
    expect(Buffer.from(frame.head).toString('utf8')).toContain(`${header}\r\n`);
  });

  it('a type that is no MIME type becomes octet-stream', () => {
    const frame = frameFile({ filename: 'a', mimeType: 'text/plain\r\nX: 1', sizeBytes: 0, boundary: 'b' });
    expect(Buffer.from(frame.head).toString('utf8')).toContain('Content-Type: application/octet-stream\r\n\r\n');
  });
});
