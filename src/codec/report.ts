/**
 * The report as JSON, schema `cri-recovery/report@1`: int64 values as decimal strings, what could not be told as null.
 */
import type { Report } from '../core/report.js';

/** The schema's name, the first field of the document. */
export const reportSchema = 'cri-recovery/report@1';

/** One JSON document, two spaces of indent, a line break at the end. */
export const encodeReport = (report: Report): string =>
  `${JSON.stringify(
    {
      schema: reportSchema,
      ...report,
      sandboxes: report.sandboxes.map(({ netns, ...sandbox }) => ({
        ...sandbox,
        netns: netns.mode === 'host' ? netns : { ...netns, present: netns.present ?? null },
      })),
    },
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  )}\n`;
