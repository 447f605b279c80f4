/**
 * cri-recovery: what state every sandbox and container on a containerd node is really in. This entry point loads neither gRPC nor the file
 * system; the adapters are at `cri-recovery/containerd`, `cri-recovery/disk` and `cri-recovery/stdio`.
 */

export type { BoundOptions as ObserveOptions } from './bounds/bounded.js';
export { defaultLimits, type Limits } from './bounds/limits.js';
export { changeSchema, encodeChange } from './codec/change.js';
export { encodeExplanation, explanationSchema } from './codec/explanation.js';
export { decodeRecording, encodeRecording } from './codec/recording.js';
export { encodeReport, reportSchema } from './codec/report.js';
export type { ReportedChange } from './core/change-report.js';
export { decide } from './core/decide.js';
export { explain } from './core/explain.js';
export type { Explanation } from './core/explanation.js';
export {
  describePortError,
  describeRecoveryFailure,
  type ItemFailure,
  type PortError,
  type RecoveryFailure,
} from './core/failure.js';
export type { Observation } from './core/observation.js';
export type { Plan } from './core/plan.js';
export type { Policy } from './core/policy.js';
/** The two presets. */
export * as policies from './core/policy.js';
export { policyName } from './core/policy-name.js';
export { type Report, reportPlan } from './core/report.js';
export type { Store } from './core/store.js';
export { type StoredImage, type Stores, storesOf } from './core/stores.js';
export type { Change, Decision } from './monitor/change.js';
export type { MayStay } from './monitor/connection.js';
export { type Attend, type Monitor, type MonitorOptions, openMonitor } from './monitor/monitor.js';
export { reportChange } from './monitor/report-change.js';
export { observe } from './observe.js';
export {
  createPlanner,
  createRecovery,
  createWatcher,
  type Planner,
  type Recovery,
  RecoveryError,
  type Watcher,
} from './promise.js';
export { type PlanOptions, plan, type RecoverOptions, recover } from './recover.js';
export { type Watch, watch } from './watch.js';
