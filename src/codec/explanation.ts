/**
 * An explanation as JSON, schema `cri-recovery/explanation@1`: int64 values as decimal strings, what was not told as null.
 */
import type { Ending, Explanation, Judgement } from '../core/explanation.js';
import { describeRecoveryFailure } from '../core/failure.js';
import { int64AsText } from './report.js';

/** The schema's name, the first field of the document. */
export const explanationSchema = 'cri-recovery/explanation@1';

/** One JSON document, two spaces of indent, a line break at the end. */
export const encodeExplanation = ({ decided, containerd, ...explanation }: Explanation): string => {
  const document = {
    schema: explanationSchema,
    ...explanation,
    decided: withEnding(decided),
    containerd: withEnding(containerd),
  };
  return `${JSON.stringify(document, nullIfUntold, 2)}\n`;
};

/** An ending as what it is and one line; the error within may hold anything. */
const withEnding = ({ ends, ...judgement }: Judgement): object => ({
  ends: ends && endingDocument(ends),
  ...judgement,
});

const endingDocument = ({ failure, choices }: Ending): object => ({
  tag: failure._tag,
  message: describeRecoveryFailure(failure),
  choices,
});

const nullIfUntold = (key: string, value: unknown): unknown => (value === undefined ? null : int64AsText(key, value));
