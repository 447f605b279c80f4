/**
 * The pure core: domain types, policies, decision tables, settling and the report. No clock, no I/O; nothing here throws.
 */
export * from './action.js';
export type * from './change-report.js';
export type { CheckpointFate, ContainerDecision } from './container-decision.js';
export { type Checkpoint, type ContainerState, type ContainerStatus, containerState } from './container-status.js';
export { decide } from './decide.js';
export { decideContainer } from './decide-container.js';
export { decideImage, type ImageDecision, type ImageState, settleImage } from './decide-image.js';
export { decideNames, type NameHolder, type Shadows } from './decide-names.js';
export { decideOrphans, type ListedIds, type OrphanDecision, type Orphans, settleOrphan } from './decide-orphans.js';
export { decideSandbox, type SandboxDecision, settleSandbox } from './decide-sandbox.js';
export type { Evidence, EvidencedField, Known, Origin } from './evidence.js';
export { explain } from './explain.js';
export type * from './explanation.js';
export * from './failure.js';
export type { Finding, FindingCode } from './finding.js';
export { type Id, type Kind, parseId } from './identity.js';
export { isJsonObject, type Json, JsonNumber, type JsonObject } from './json.js';
export type * from './metadata.js';
export type * from './observation.js';
export type { Plan } from './plan.js';
export type { Policy } from './policy.js';
/** The two presets. */
export * as policies from './policy.js';
export { policyName } from './policy-name.js';
export { type Recalled, recallCheckpoint } from './recall-checkpoint.js';
export * from './report.js';
export type { NetworkNamespace, SandboxState, SandboxStatus } from './sandbox-status.js';
export { settleContainer } from './settle-container.js';
export type * from './sighting.js';
export type { Store } from './store.js';
export { type StoredImage, type Stores, storesOf } from './stores.js';
export { type TableRow, type TaskWord, tableRowIds } from './table-row.js';
export { goZeroTime, type Task, type TaskState, type TaskStdio } from './task.js';
