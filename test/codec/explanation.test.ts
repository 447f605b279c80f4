import * as O from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';
import { encodeExplanation, explanationSchema } from '../../src/codec/explanation.js';
import { explain } from '../../src/core/explain.js';
import type { Explanation } from '../../src/core/explanation.js';
import { careful } from '../../src/core/policy.js';
import { fakeContainer, fakeNode, observationOf } from '../../src/testing/index.js';

const explained = (...ids: ReadonlyArray<string>): Explanation => {
  const containers = ids.map((id) => fakeContainer({ id, name: 'web', task: 'absent', checkpoint: 'RUNNING' }));
  const explanation = explain(careful, observationOf(fakeNode({ containers })), 'c1');
  if (O.isNone(explanation)) throw new Error('c1 is there');
  return explanation.value;
};

it('an explanation is one indented document that begins with its schema and ends its last line', () => {
  const text = encodeExplanation(explained('c1'));
  expect(text.startsWith('{\n  "schema": "cri-recovery/explanation@1",\n  "about": "container",\n')).toBe(true);
  expect(text.endsWith('\n}\n')).toBe(true);
  expect(explanationSchema).toBe('cri-recovery/explanation@1');
});

it('tells nothing of what was not told, and int64 values as text', () => {
  const explanation = explained('c1');
  const document = JSON.parse(encodeExplanation(explanation));
  expect(document).toMatchObject({
    id: 'c1',
    takenAt: String(explanation.takenAt),
    seen: { task: { state: 'absent', pid: null }, processStartedAt: null, sandbox: null },
    decided: { ends: null, item: { id: 'c1', state: 'EXITED', exitCode: 255 } },
    containerd: { ends: null, differences: [{ field: 'pid', here: 0 }] },
  });
});

it('has the ending of a recovery as its tag, one line and the choices that make it', () => {
  expect(JSON.parse(encodeExplanation(explained('c1', 'c2'))).containerd.ends).toStrictEqual({
    tag: 'NameTaken',
    message: 'the container name "web" is held by c1 and c2',
    choices: ['duplicateName'],
  });
});
