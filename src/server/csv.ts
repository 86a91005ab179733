import type { CsvDownload } from '#/services/bulk/failed-rows-csv.ts';

/** A file to be saved; it begins with a byte order mark, without which spreadsheets take UTF-8 for something else. */
export function csvResponse({ filename, chunks }: CsvDownload): Response {
  const ascii = filename.replace(/[^\w.-]/g, '_');
  return new Response(stream(chunks), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(filename)}`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

/** Made as fast as it is read; one that nobody reads any more is given up. */
function stream(chunks: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const parts = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode('\uFEFF')),
    async pull(controller) {
      const part = await parts.next();
      if (part.done === true) controller.close();
      else controller.enqueue(encoder.encode(part.value));
    },
    async cancel() {
      await parts.return?.();
    },
  });
}
